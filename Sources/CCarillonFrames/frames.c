// The frame contract is a header; this file checks that it compiles alone.

#include "carillon_frames.h"
