#ifndef CORDON_RESOURCES_H
#define CORDON_RESOURCES_H

#include <stddef.h>

/// One file that the program carries inside itself, so that it stays one binary.
struct cordon_resource {
  /// The path below `Sources/CResources/`, for example `providers/wave.yaml`.
  const char *_Nonnull name;
  const unsigned char *_Nonnull bytes;
  size_t count;
};

/// Every embedded file, in the order of their names.
const struct cordon_resource *_Nonnull cordon_resources(size_t *_Nonnull count);

#endif
