#if canImport(Glibc)
  import Glibc
#endif

/// Reading files with the system's own words when it does not work.
enum FileReading {
  /// Names in a folder, `.` and `..` among them, in no order. Throws `unreadable`.
  static func names(in folder: String) throws(JobFileError) -> [String] {
    guard let stream = opendir(folder) else {
      throw JobFileError(.unreadable, "the job folder \(folder) cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }

  /// The beginning of a regular file. Throws `unreadable`.
  static func bytes(of file: String, atMost limit: Int) throws(JobFileError) -> [UInt8] {
    func failure() -> JobFileError {
      JobFileError(.unreadable, "the file cannot be read: \(String(cString: strerror(errno)))")
    }
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure() }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure() }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw JobFileError(.unreadable, "the file cannot be read: it is no regular file")
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count < limit {
      let count = read(descriptor, &chunk, min(chunk.count, limit - bytes.count))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure() }
      if count == 0 { break }
      bytes += chunk[..<count]
    }
    return bytes
  }
}
