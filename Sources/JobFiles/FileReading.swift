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
    // One byte more than it has, so that its end is seen; it may grow meanwhile.
    var room = min(limit, Int(status.st_size) + 1)
    var bytes: [UInt8] = []
    while true {
      var count = 0
      let part = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
        repeat { count = read(descriptor, buffer.baseAddress, room) } while count < 0 && errno == EINTR
        initialized = max(0, count)
      }
      guard count >= 0 else { throw failure() }
      if bytes.isEmpty { bytes = part } else { bytes += part }
      if count == 0 || bytes.count == limit { break }
      room = min(limit - bytes.count, max(room - count, 4_096))
    }
    return bytes
  }
}
