import Glibc

/// Finds a program as a shell would, in the PATH that the program itself will have.
enum ProgramSearch {
  /// The path of a program. One with a slash is taken as it is: the start finds out. Throws `CommandError.program`.
  static func find(_ name: String, path: String, directory: String) throws(CommandError) -> String {
    guard !name.isEmpty else { throw CommandError(.program, "the command names no program") }
    guard !name.contains("/") else { return name }
    var unusable: String?
    for folder in path.split(separator: ":", omittingEmptySubsequences: false) {
      let place = "\(folder.isEmpty ? "." : folder)/\(name)"
      var status = stat()
      guard stat(place.hasPrefix("/") ? place : "\(directory)/\(place)", &status) == 0, status.st_mode & S_IFMT == S_IFREG
      else { continue }
      // Whether the command's own user may execute it, exec finds out.
      if status.st_mode & 0o111 != 0 { return place }
      unusable = unusable ?? place
    }
    if let unusable {
      throw CommandError(.program, "\(unusable) is not executable (chmod +x), and no other \(name) is in \(path)")
    }
    throw CommandError(.program, "there is no program \(name) in \(path)")
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
