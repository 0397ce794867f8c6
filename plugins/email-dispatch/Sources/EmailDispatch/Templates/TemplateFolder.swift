import FoundationEssentials
import Glibc

/// The templates of a mail in a folder: `subject.txt`, `body.txt`, `body.html`, and, where they are, `layout.txt` and `layout.html`
/// around the bodies (`{{> content}}`) and partials of any other name. `body.de.html` is the German one of `body.html`.
package struct TemplateFolder: Sendable {
  /// What a message is made of.
  package struct Set: Sendable {
    package let subject: Template
    package let text: Template?
    package let html: Template?
  }

  /// File names in small letters, with their paths.
  private let files: [String: String]
  private let folder: String
  private let sources: [String: String]

  /// Reads every template in `folders`; those of an earlier one come first. Throws `EmailDispatchError.template`.
  package init(_ folders: [String]) throws(EmailDispatchError) {
    var files: [String: String] = [:]
    var sources: [String: String] = [:]
    for folder in folders {
      guard let directory = opendir(folder) else {
        throw EmailDispatchError(
          .template, "the template folder \(folder) cannot be read: \(String(cString: strerror(errno)))")
      }
      closedir(directory)
      let names: [String]
      do {
        names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      } catch {
        throw EmailDispatchError(.template, "the template folder \(folder) cannot be read: \(error)")
      }
      for name in names where name.hasSuffix(".txt") || name.hasSuffix(".html") {
        guard files[name.lowercased()] == nil else { continue }
        let path = "\(folder)/\(name)"
        do {
          sources[path] = try String(contentsOfFile: path, encoding: .utf8)
        } catch {
          throw EmailDispatchError(.template, "\(path) cannot be read as UTF-8: \(error)")
        }
        files[name.lowercased()] = path
      }
    }
    self.files = files
    self.sources = sources
    folder = folders.first ?? ""
  }

  /// The part of a locale that the folder knows: `de-AT` may be `de`, or empty. What it says is the same for all recipients of it.
  package func known(_ locale: String) -> String {
    Self.candidates(locale).first { tag in files.keys.contains { $0.hasSuffix(".\(tag).txt") || $0.hasSuffix(".\(tag).html") } }
      ?? ""
  }

  /// The templates of a locale. Throws `EmailDispatchError.template` for what is wrong in one, with file and line.
  package func templates(_ locale: String) throws(EmailDispatchError) -> Set {
    guard let subject = find("subject", .text, locale) else {
      throw EmailDispatchError(.template, "\(folder) has no subject.txt")
    }
    let text = try body(.text, locale)
    let html = try body(.html, locale)
    if text == nil && html == nil { throw EmailDispatchError(.template, "\(folder) has neither body.txt nor body.html") }
    return Set(subject: try parse(subject, .line, locale, content: nil), text: text, html: html)
  }

  private func body(_ kind: TemplateKind, _ locale: String) throws(EmailDispatchError) -> Template? {
    guard let body = find("body", kind, locale) else { return nil }
    guard let layout = find("layout", kind, locale) else { return try parse(body, kind, locale, content: nil) }
    return try parse(layout, kind, locale, content: body)
  }

  private func parse(_ path: String, _ kind: TemplateKind, _ locale: String, content: String?) throws(EmailDispatchError)
    -> Template
  {
    var source = sources[path] ?? ""
    // A subject is one line; the line end that an editor leaves is not part of it.
    if kind == .line { while source.last?.isNewline == true { source.removeLast() } }
    let fileKind = kind == .line ? TemplateKind.text : kind
    let template = try TemplateParser.parse(source, file: path, kind: kind) { (name, place) throws(EmailDispatchError) in
      let found = name == "content" && content != nil ? content : self.find(name, fileKind, locale)
      guard let found else {
        throw EmailDispatchError(
          .template, "\(place.file):\(place.line): there is no \(name).\(fileKind.rawValue) for {{> \(name)}}")
      }
      return (found, self.sources[found] ?? "")
    }
    return template
  }

  private func find(_ name: String, _ kind: TemplateKind, _ locale: String) -> String? {
    for tag in Self.candidates(locale) {
      if let path = files["\(name.lowercased()).\(tag).\(kind.rawValue)"] { return path }
    }
    return files["\(name.lowercased()).\(kind.rawValue)"]
  }

  /// `pt-BR` → `pt-br`, `pt`. RFC 4647, 3.4.
  private static func candidates(_ locale: String) -> [String] {
    var parts = locale.lowercased().split { $0 == "-" || $0 == "_" }
    var tags: [String] = []
    while !parts.isEmpty {
      tags.append(parts.joined(separator: "-"))
      parts.removeLast()
    }
    return tags
  }
}
