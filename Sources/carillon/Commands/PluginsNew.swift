import ArgumentParser
import Foundation
import JobModel

/// Writes the beginning of a plugin.
struct PluginsNew: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Write a plugin that builds and runs at once, in a folder of its name.")

  enum Language: String, ExpressibleByArgument, CaseIterable {
    case swift, c
  }

  @Argument(help: "The plugin's name: lower-case letters, digits and hyphens.")
  var name: String

  @Option(help: "swift or c.")
  var language: Language

  @Option(
    help: ArgumentHelp(
      "Where Carillon's sources or headers are.", discussion: "Default: $CARILLON_SDK, or where this program comes from.",
      valueName: "dir"), completion: .directory)
  var sdk: String?

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    let isWord = name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-")
    }
    guard isWord, name.first?.isLetter == true, name.last != "-", name.utf8.count <= 60,
      !["show", "job", "help"].contains(name)
    else {
      throw ValidationError("\"\(name)\" is no name for a plugin: use lower-case letters, digits and hyphens, a letter first")
    }
  }

  private struct Document: Encodable {
    var folder: String
    var files: [String]
  }

  func run() async throws {
    let installation = Installation(global)
    let location = try SDKLocation.find(option: sdk, programFolder: installation.programFolder, language: language)
    let template: [Scaffold.File] =
      language == .c ? CScaffold.files(name, headers: location) : SwiftScaffold.files(name, package: location)
    let folder = Installation.absolute(name)
    guard access(folder, F_OK) != 0 else {
      throw CommandError(.cannotCreate, "\(folder) is there already")
    }
    try Scaffold.write(template, into: folder)
    if global.json { return try global.console.print(json: Document(folder: folder, files: template.map(\.path))) }
    try global.console.print("\(folder): a plugin in \(language == .c ? "C" : "Swift"). Next:")
    for line in Scaffold.commands(name, language) { try global.console.print("  \(line)") }
  }
}
