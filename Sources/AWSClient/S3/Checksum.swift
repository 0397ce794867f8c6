import Crypto
import Foundation
import NIOCore

/// The checksum that S3 compares with what arrived, and keeps.
package enum Checksum: String, Hashable, Sendable {
  case crc32c, sha256
  /// None, for stores that refuse the header.
  case none

  var header: String { "x-amz-checksum-\(rawValue)" }
}

/// Both sums over bytes that come in pieces.
struct RunningChecksum {
  private let kind: Checksum
  private var crc = CRC32C()
  private var sha = SHA256()

  init(_ kind: Checksum) { self.kind = kind }

  mutating func update(_ buffer: ByteBuffer) {
    buffer.withUnsafeReadableBytes { bytes in
      switch kind {
      case .crc32c: crc.update(bytes)
      case .sha256: sha.update(bufferPointer: bytes)
      case .none: break
      }
    }
  }

  /// Base64, as S3's headers have it; empty for `none`.
  func base64() -> String {
    switch kind {
    case .crc32c: withUnsafeBytes(of: crc.value.bigEndian) { Data($0).base64EncodedString() }
    case .sha256: Data(sha.finalize()).base64EncodedString()
    case .none: ""
    }
  }
}
