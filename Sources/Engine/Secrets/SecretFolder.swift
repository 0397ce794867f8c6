import Foundation

/// Secrets as files: `$CREDENTIALS_DIRECTORY` of systemd.exec(5), or a folder of one's own.
struct SecretFolder {
  /// nil: there are no secrets.
  let path: String?

  private static let maxBytes = 64 * 1024

  /// The secret of that name without a final newline; nil when there is none. Names are plain file names.
  func read(_ name: String) -> [UInt8]? {
    guard let path, !name.isEmpty, !name.hasPrefix("."), !name.contains("/"), !name.utf8.contains(0) else { return nil }
    guard let data = FileManager.default.contents(atPath: "\(path)/\(name)"), data.count <= Self.maxBytes else { return nil }
    var bytes = [UInt8](data)
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    return bytes
  }
}
