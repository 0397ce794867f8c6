/* profile.h: colours of other spaces to sRGB. */
#ifndef IC_PROFILE_H
#define IC_PROFILE_H

#include "plane.h"

/* 1 when the profile can be read, fits the samples (IC_GREY, IC_RGB, IC_CMYK) and gives other colours than sRGB. */
int32_t ic_profile_matters(const uint8_t *profile, size_t size, int32_t samples);

/* Converts planes in place: grey stays grey, RGB becomes sRGB, CMYK becomes sRGB in the first three planes. Without a profile
 * that fits, grey and RGB stay as they are and CMYK is taken as ink on white. Returns 0 when memory is short. */
int32_t ic_profile_apply(ic_plane planes[4], int32_t samples, const uint8_t *profile, size_t size);

#endif
