import JobModel

#if canImport(Glibc)
  import Glibc
#endif

/// Which plugins an installation has: every `lib<name>.so` or `<name>.so` in its plugin folders.
package struct PluginCatalog: Hashable, Sendable {
  /// A library in a plugin folder. Whether it is a plugin, and a sound one, shows when a host loads it.
  package struct Entry: Hashable, Sendable {
    package var name: String
    /// Absolute, when the folder is.
    package var path: String
  }

  /// Searched in this order; the first that has a library of a name counts.
  package let folders: [String]

  package init(folders: [String]) { self.folders = folders }

  /// The library of a plugin: a name is looked up in the folders, anything with a slash is a path (a relative one is meant from
  /// the working directory). Throws `notFound`, naming the folders searched and the nearest name.
  package func resolve(_ plugin: String) throws(WorkerPoolError) -> String {
    if plugin.contains("/") { return try resolve(path: plugin) }
    for folder in folders {
      for file in ["lib\(plugin).so", "\(plugin).so"] where Self.isFile("\(folder)/\(file)") {
        return "\(folder)/\(file)"
      }
    }
    let suggestion = entries().map(\.name).nearest(to: plugin).map { "; did you mean \"\($0)\"?" } ?? ""
    let searched = folders.isEmpty ? "there are no plugin folders" : "searched \(folders.joined(separator: ", "))"
    throw WorkerPoolError(.notFound, "there is no plugin \"\(plugin)\": \(searched)\(suggestion)")
  }

  /// Every library in the folders, by name; of a name that several folders have, the first. Folders that are not there are
  /// passed over.
  package func entries() -> [Entry] {
    var found: [String: Entry] = [:]
    for folder in folders {
      for file in Self.names(in: folder).sorted() where file.hasSuffix(".so") && Self.isFile("\(folder)/\(file)") {
        let stem = String(file.dropLast(3))
        let name = stem.hasPrefix("lib") ? String(stem.dropFirst(3)) : stem
        if !name.isEmpty, found[name] == nil { found[name] = Entry(name: name, path: "\(folder)/\(file)") }
      }
    }
    return found.values.sorted { $0.name < $1.name }
  }

  private func resolve(path: String) throws(WorkerPoolError) -> String {
    guard let absolute = realpath(path, nil) else {
      throw WorkerPoolError(.notFound, "there is no plugin at \(path): \(String(cString: strerror(errno)))")
    }
    defer { free(absolute) }
    return String(cString: absolute)
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names
  }
}
