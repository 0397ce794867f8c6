import CImageCodecs

/// What an image says of itself before anything is allocated for it.
package struct ImageHeader: Hashable, Sendable {
  package enum Format: String, Codable, Hashable, Sendable {
    case jpeg
    case png
  }

  package let format: Format

  /// As the image is to be seen: after its orientation is applied.
  package let size: PixelSize

  /// EXIF orientation, 1 to 8.
  package let orientation: Int

  package let hasProfile: Bool

  /// Whether bytes begin as a JPEG or PNG does.
  package static func isImage(_ head: [UInt8]) -> Bool {
    head.starts(with: [0xFF, 0xD8, 0xFF])
      || head.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
  }

  package init(_ bytes: [UInt8]) throws(ThumbnailsError) {
    var header = ic_header()
    var failure = ic_failure()
    let code = bytes.withUnsafeBufferPointer {
      ic_read_header($0.baseAddress, $0.count, &header, &failure)
    }
    guard code == IC_OK else { throw ThumbnailsError(failure) }
    format = header.format == IC_FORMAT_PNG ? .png : .jpeg
    orientation = Int(header.orientation)
    hasProfile = header.has_profile != 0
    let width = Int(header.width)
    let height = Int(header.height)
    size =
      orientation >= 5
      ? PixelSize(width: height, height: width) : PixelSize(width: width, height: height)
  }
}

extension ThumbnailsError {
  init(_ failure: ic_failure) {
    let message = withUnsafeBytes(of: failure.message) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    switch failure.code {
    case IC_LIMIT: self.init(.overLimit, message)
    case IC_NO_MEMORY: self.init(.system, message)
    default: self.init(.unreadable, message)
    }
  }
}
