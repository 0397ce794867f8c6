package import CarillonPlugin
import Glibc

extension CommandConfig {
  /// Everything that is wrong with it, or looks wrong on this machine.
  package var diagnostics: [Diagnostic] {
    checkCommand() + checkItems() + checkSurroundings() + checkNumbers()
  }

  private func checkCommand() -> [Diagnostic] {
    var findings: [Diagnostic] = []
    switch (command, shell) {
    case (.text, .none):
      findings.append(
        .error("is text, which only a shell can take apart: write a list of words, or set shell: true", at: "/command"))
    case (.words, .path):
      findings.append(.error("is a list of words; with a shell it is one text, and words go to arguments", at: "/command"))
    case (.words(let words), .none) where words.isEmpty || words[0].isEmpty:
      findings.append(.error("names no program", at: "/command"))
    case (.text(let text), .path) where items != nil && ArgumentTemplate(text).hasPlaces:
      findings.append(
        .warning("in the text of a shell nothing is replaced: the item is \"$1\" and \"$CARILLON_ITEM\"", at: "/command"))
    default: break
    }
    if arguments != nil, shell == .none { findings.append(.error("are for a shell only", at: "/arguments")) }
    for (place, text) in texts where text.utf8.contains(0) { findings.append(.error("holds a NUL byte", at: place)) }
    return findings
  }

  private var texts: [(String, String)] {
    var texts: [(String, String)] = []
    switch command {
    case .text(let text): texts.append(("/command", text))
    case .words(let words): texts += words.enumerated().map { ("/command/\($0.offset)", $0.element) }
    }
    texts += (arguments ?? []).enumerated().map { ("/arguments/\($0.offset)", $0.element) }
    texts += environment.map { ("/environment/\($0.key)", $0.value) }
    return texts + [directory.map { ("/directory", $0) }].compactMap(\.self)
  }

  private func checkItems() -> [Diagnostic] {
    guard let items else {
      return stdin == .item ? [.error("there are no items: name some with items", at: "/stdin")] : []
    }
    switch items.origin {
    case .file(let path) where !path.hasPrefix("/"):
      return [.error("must be an absolute path, is \"\(path)\"", at: "/items/file")]
    case .command(.text, .none):
      return [
        .error("is text, which only a shell can take apart: write a list of words, or set shell: true", at: "/items/command")
      ]
    case .command(.words, .path): return [.error("is a list of words; with a shell it is one text", at: "/items/command")]
    case .command(.words(let words), .none) where words.isEmpty: return [.error("names no program", at: "/items/command")]
    default: break
    }
    guard items.format != .ndjson, usesFields else { return [] }
    return [.error("lines have no fields; set items.format: ndjson", at: "/command")]
  }

  private var usesFields: Bool {
    let words: [String] = if case .words(let words) = command { words } else { arguments ?? [] }
    return words.contains { $0.contains("{item.") && ArgumentTemplate($0).hasPlaces }
  }

  private func checkSurroundings() -> [Diagnostic] {
    var findings: [Diagnostic] = []
    if let directory, !directory.hasPrefix("/") {
      findings.append(.error("must be an absolute path, is \"\(directory)\"", at: "/directory"))
    }
    for name in environment.keys.sorted() where name.isEmpty || name.contains("=") || name.utf8.contains(0) {
      findings.append(.error("is no name for a variable", at: "/environment/\(name)"))
    }
    do throws(CommandError) {
      _ = try Account.named(user: user, group: group)
    } catch {
      // Who checks a file need not be who runs it, but an account that is not there is nobody's.
      let isUnknown = error.message.hasPrefix("there is no")
      findings.append(isUnknown ? .error(error.message, at: "/user") : .warning(error.message, at: "/user"))
    }
    return findings + checkProgram()
  }

  private func checkProgram() -> [Diagnostic] {
    let name: String
    switch (command, shell) {
    case (.words(let words), .none): name = words.first ?? ""
    case (.text, .path(let shell)): name = shell
    default: return []
    }
    guard !name.isEmpty, items == nil || !ArgumentTemplate(name).hasPlaces else { return [] }
    let pointer: String = if case .words = command { "/command/0" } else { "/shell" }
    if name.hasPrefix("/") {
      return access(name, X_OK) == 0 ? [] : [.warning("\(name) is not there, or not executable, on this machine", at: pointer)]
    }
    do throws(CommandError) {
      _ = try ProgramSearch.find(name, path: environment["PATH"] ?? Environment.path, directory: directory ?? "/")
      return []
    } catch {
      return [.warning(error.message, at: pointer)]
    }
  }

  private func checkNumbers() -> [Diagnostic] {
    var findings: [Diagnostic] = []
    if tail > 8_192 { findings.append(.error("is at most 8KiB: an item's output holds 64 KiB in all", at: "/tail")) }
    if grace > .seconds(3_600) { findings.append(.error("is at most 1h", at: "/grace")) }
    let ambiguous = outcomes.ambiguous
    if !ambiguous.isEmpty {
      let codes = ambiguous.prefix(5).map(String.init).joined(separator: ", ")
      findings.append(.error("exit code \(codes) is in more than one list", at: "/outcomes"))
    }
    return findings
  }
}
