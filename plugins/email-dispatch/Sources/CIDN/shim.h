/* Internationalised host names, RFC 5891: libidn2. */
#pragma once
#include <idn2.h>
