#include "linux_process.h"
