#include "profile.h"

#include <lcms2.h>
#include <stdlib.h>
#include <string.h>

#include "picture.h"

static void be_quiet(cmsContext context, cmsUInt32Number code, const char *text) {}

static cmsUInt32Number layout_of(int32_t samples) {
  return samples == IC_GREY ? TYPE_GRAY_8 : samples == IC_RGB ? TYPE_RGB_8 : TYPE_CMYK_8;
}

static cmsColorSpaceSignature space_of(int32_t samples) {
  return samples == IC_GREY ? cmsSigGrayData : samples == IC_RGB ? cmsSigRgbData : cmsSigCmykData;
}

/* Grey on sRGB's tone curve (IEC 61966-2-1), so that grey images stay grey. */
static cmsHPROFILE grey_profile(cmsContext context) {
  static const cmsFloat64Number curve[5] = {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045};
  cmsToneCurve *tone = cmsBuildParametricToneCurve(context, 4, curve);
  cmsHPROFILE profile = tone ? cmsCreateGrayProfileTHR(context, cmsD50_xyY(), tone) : NULL;
  cmsFreeToneCurve(tone);
  return profile;
}

/* NULL when the profile cannot be read or belongs to another kind of samples. */
static cmsHTRANSFORM transform_of(cmsContext context, const uint8_t *data, size_t size, int32_t samples) {
  if (!data || size > UINT32_MAX) return NULL;
  cmsHPROFILE from = cmsOpenProfileFromMemTHR(context, data, (cmsUInt32Number)size);
  if (!from) return NULL;
  cmsHTRANSFORM transform = NULL;
  if (cmsGetColorSpace(from) == space_of(samples)) {
    cmsHPROFILE to = samples == IC_GREY ? grey_profile(context) : cmsCreate_sRGBProfileTHR(context);
    if (to) {
      transform = cmsCreateTransformTHR(context, from, layout_of(samples), to, samples == IC_GREY ? TYPE_GRAY_8 : TYPE_RGB_8,
                                        INTENT_PERCEPTUAL, 0);
      cmsCloseProfile(to);
    }
  }
  cmsCloseProfile(from);
  return transform;
}

static cmsContext open_context(void) {
  cmsContext context = cmsCreateContext(NULL, NULL);
  if (context) cmsSetLogErrorHandlerTHR(context, be_quiet);
  return context;
}

/* Whether a grid of colours comes out as it went in, give or take two steps: an sRGB profile by whatever maker. */
static int32_t changes_nothing(cmsHTRANSFORM transform, int32_t samples) {
  enum { STEPS = 6 };
  uint8_t in[STEPS * STEPS * STEPS * 3], out[sizeof in];
  size_t count = 0, per_pixel = samples == IC_GREY ? 1 : 3;
  for (int r = 0; r < STEPS; r++)
    for (int g = 0; g < (samples == IC_GREY ? 1 : STEPS); g++)
      for (int b = 0; b < (samples == IC_GREY ? 1 : STEPS); b++) {
        in[count] = (uint8_t)(r * 51);
        if (samples != IC_GREY) in[count + 1] = (uint8_t)(g * 51), in[count + 2] = (uint8_t)(b * 51);
        count += per_pixel;
      }
  cmsDoTransform(transform, in, out, (cmsUInt32Number)(count / per_pixel));
  for (size_t i = 0; i < count; i++)
    if (abs(in[i] - out[i]) > 2) return 0;
  return 1;
}

int32_t ic_profile_matters(const uint8_t *profile, size_t size, int32_t samples) {
  cmsContext context = open_context();
  if (!context) return 0;
  cmsHTRANSFORM transform = transform_of(context, profile, size, samples);
  int32_t matters = transform && (samples == IC_CMYK || !changes_nothing(transform, samples));
  if (transform) cmsDeleteTransform(transform);
  cmsDeleteContext(context);
  return matters;
}

/* Ink on white, as most readers take CMYK without a profile. */
static void inks_to_colours(uint8_t *pixels, uint32_t width) {
  for (uint32_t x = 0; x < width; x++) {
    uint32_t light = 255u - pixels[4 * x + 3];
    for (uint32_t c = 0; c < 3; c++) pixels[3 * x + c] = (uint8_t)(((255u - pixels[4 * x + c]) * light + 127) / 255);
  }
}

int32_t ic_profile_apply(ic_plane planes[4], int32_t samples, const uint8_t *profile, size_t size) {
  size_t channels = samples == IC_GREY ? 1 : samples == IC_RGB ? 3 : 4, colours = samples == IC_GREY ? 1 : 3;
  uint32_t width = planes[0].width;
  uint8_t *pixels = malloc(width * channels), *converted = malloc(width * colours);
  cmsContext context = open_context();
  if (!pixels || !converted || !context) {
    free(pixels);
    free(converted);
    if (context) cmsDeleteContext(context);
    return 0;
  }
  cmsHTRANSFORM transform = transform_of(context, profile, size, samples);
  for (uint32_t y = 0; y < planes[0].height && (transform || samples == IC_CMYK); y++) {
    for (size_t c = 0; c < channels; c++) {
      const uint8_t *row = ic_plane_row(&planes[c], y);
      for (uint32_t x = 0; x < width; x++) pixels[x * channels + c] = row[x];
    }
    if (transform)
      cmsDoTransform(transform, pixels, converted, width);
    else
      inks_to_colours(pixels, width);
    const uint8_t *made = transform ? converted : pixels;
    for (size_t c = 0; c < colours; c++) {
      uint8_t *row = ic_plane_row(&planes[c], y);
      for (uint32_t x = 0; x < width; x++) row[x] = made[x * colours + c];
    }
  }
  if (transform) cmsDeleteTransform(transform);
  cmsDeleteContext(context);
  free(pixels);
  free(converted);
  return 1;
}
