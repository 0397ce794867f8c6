import CImageCodecs

/// A decoded image at some size, upright. Owns the codec's memory.
package struct Picture: ~Copyable {
  private let handle: OpaquePointer

  package let size: PixelSize

  /// What was wrong with the image and could be borne; empty for nothing.
  package let warning: String

  private init(_ handle: OpaquePointer) {
    self.handle = handle
    size = PixelSize(
      width: Int(ic_picture_width(handle)), height: Int(ic_picture_height(handle)))
    warning = String(cString: ic_picture_warning(handle))
  }

  /// Decodes an image straight to a size that is no larger than its own.
  package init(
    decoding bytes: [UInt8], to size: PixelSize, chroma: ThumbnailSize.Chroma, recipe: Recipe,
    limits: ThumbnailsConfig.Limits
  ) throws(ThumbnailsError) {
    var request = ic_request()
    request.width = UInt32(size.width)
    request.height = UInt32(size.height)
    request.full_chroma = chroma == .full ? 1 : 0
    request.keep_profile = recipe.metadata == .keepProfile ? 1 : 0
    request.accept_truncated = recipe.truncated == .warn ? 1 : 0
    request.background = (recipe.background.red, recipe.background.green, recipe.background.blue)
    request.max_pixels = UInt64(limits.maxPixels)
    request.held_bytes = UInt64(bytes.count)
    request.max_bytes = UInt64(limits.maxMemoryMiB) << 20
    var failure = ic_failure()
    let handle = bytes.withUnsafeBufferPointer {
      ic_decode($0.baseAddress, $0.count, &request, &failure)
    }
    guard let handle else { throw ThumbnailsError(failure) }
    self.init(handle)
  }

  /// A copy that is no larger.
  package func resized(to size: PixelSize, chroma: ThumbnailSize.Chroma) throws(ThumbnailsError) -> Picture {
    var failure = ic_failure()
    let copy = ic_resize(
      handle, UInt32(size.width), UInt32(size.height), chroma == .full ? 1 : 0, &failure)
    guard let copy else { throw ThumbnailsError(failure) }
    return Picture(copy)
  }

  /// A progressive JPEG with `comment` as its COM segment.
  package func jpeg(quality: Int, comment: String) throws(ThumbnailsError) -> [UInt8] {
    var failure = ic_failure()
    var bytes = ic_bytes()
    var comment = comment
    let code = comment.withUTF8 { text in
      text.withMemoryRebound(to: CChar.self) {
        ic_encode_jpeg(handle, Int32(quality), $0.baseAddress, $0.count, &bytes, &failure)
      }
    }
    guard code == IC_OK else { throw ThumbnailsError(failure) }
    defer { ic_bytes_free(&bytes) }
    return Array(UnsafeBufferPointer(start: bytes.data, count: bytes.size))
  }

  /// One plane of samples. For tests.
  package struct Plane: Sendable {
    package let width: Int
    package let height: Int
    package let samples: [UInt8]

    package subscript(x: Int, y: Int) -> Int { Int(samples[y * width + x]) }
  }

  /// Luma, or luma and blue and red chroma.
  package var planes: [Plane] {
    (0..<ic_picture_planes(handle)).map { plane in
      var width: UInt32 = 0
      var height: UInt32 = 0
      ic_picture_plane_size(handle, plane, &width, &height)
      let rows = (0..<height).flatMap { y in
        UnsafeBufferPointer(start: ic_picture_plane_row(handle, plane, y), count: Int(width))
      }
      return Plane(width: Int(width), height: Int(height), samples: rows)
    }
  }

  deinit {
    ic_picture_free(handle)
  }
}
