import FoundationEssentials
import Glibc

/// The lines of a file, without their ends, read piece by piece.
final class LineReader {
  let path: String
  private let file: UnsafeMutablePointer<FILE>
  private var line: UnsafeMutablePointer<CChar>?
  private var capacity = 0

  /// Throws `EmailDispatchError.recipients`.
  init(_ path: String) throws(EmailDispatchError) {
    self.path = path
    guard let file = fopen(path, "re") else {
      throw EmailDispatchError(.recipients, "\(path) cannot be opened: \(String(cString: strerror(errno)))")
    }
    self.file = file
  }

  deinit {
    fclose(file)
    free(line)
  }

  /// The next line; nil at the end. Throws `EmailDispatchError.recipients`.
  func next() throws(EmailDispatchError) -> [UInt8]? {
    let count = getline(&line, &capacity, file)
    guard count >= 0, let line else {
      if ferror(file) != 0 {
        throw EmailDispatchError(.recipients, "\(path) cannot be read: \(String(cString: strerror(errno)))")
      }
      return nil
    }
    var bytes = UnsafeRawBufferPointer(start: line, count: count)[...]
    if bytes.last == 10 { bytes = bytes.dropLast() }
    return Array(bytes)
  }
}
