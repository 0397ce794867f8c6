import Foundation

/// The beginning of a plugin as files.
enum Scaffold {
  struct File {
    /// Below the plugin's folder.
    var path: String
    var text: String
  }

  /// The three commands from nothing to a finished run.
  static func commands(_ name: String, _ language: PluginsNew.Language) -> [String] {
    let (build, folder) = language == .c ? ("make", "build") : ("swift build", ".build/debug")
    return [
      "cd \(name) && \(build)", "carillon plugins check \(name) --plugins-dir \(folder)",
      "carillon run jobs/\(name).yaml --plugins-dir \(folder)",
    ]
  }

  /// A README with these commands and what to change next.
  static func readme(_ name: String, _ language: PluginsNew.Language, next: String) -> File {
    let commands = commands(name, language).map { "    \($0)" }.joined(separator: "\n")
    return File(
      path: "README.md",
      text: """
        # \(name)

        A plugin for Carillon. Build it, see whether it loads, run it:

        \(commands)

        \(next)

        To install it, copy the library to a folder that only its owner can write to, and name that folder with
        `--plugins-dir` or in `$CARILLON_PLUGINS`.

        """)
  }

  static func write(_ files: [File], into folder: String) throws(CommandError) {
    for file in files {
      let path = "\(folder)/\(file.path)"
      do {
        try FileManager.default.createDirectory(
          atPath: Installation.parent(of: path), withIntermediateDirectories: true)
        try Data(file.text.utf8).write(to: URL(fileURLWithPath: path))
      } catch {
        throw CommandError(.cannotCreate, "cannot write \(path): \(error.localizedDescription)")
      }
    }
  }
}

/// Where what a plugin is built against lies.
enum SDKLocation {
  /// For Swift the package `carillon`, for C the folder of `carillon_plugin.h`. Throws `notFound`.
  static func find(
    option: String?, programFolder: String, language: PluginsNew.Language
  ) throws(CommandError) -> String {
    let named = option ?? ProcessInfo.processInfo.environment["CARILLON_SDK"].flatMap { $0.isEmpty ? nil : $0 }
    let folders = named.map { [Installation.absolute($0)] } ?? places(around: programFolder)
    for folder in folders {
      switch language {
      case .swift:
        if has("\(folder)/Package.swift"), has("\(folder)/Sources/CarillonPlugin") { return folder }
      case .c:
        for include in [folder, "\(folder)/include", "\(folder)/Sources/CCarillonPlugin/include"]
        where has("\(include)/carillon_plugin.h") {
          return include
        }
      }
    }
    let what = language == .swift ? "Carillon's package" : "carillon_plugin.h"
    throw CommandError(.notFound, "\(what) is not in \(folders.joined(separator: ", ")); say where with --sdk or $CARILLON_SDK")
  }

  /// The sources that the program was built from, then what is installed beside it.
  private static func places(around programFolder: String) -> [String] {
    var places: [String] = []
    var folder = programFolder
    for _ in 0..<4 {
      folder = Installation.parent(of: folder)
      if folder != "/" { places.append(folder) }
    }
    let prefix = Installation.parent(of: programFolder)
    return places + ["\(prefix)/share/carillon/sdk", "/usr/share/carillon/sdk", "/usr/include"]
  }

  private static func has(_ path: String) -> Bool { access(path, F_OK) == 0 }
}
