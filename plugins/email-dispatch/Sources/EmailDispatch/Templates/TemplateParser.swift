/// Reads Mustache: variables, sections, inverted sections, comments, partials, other delimiters. mustache(5).
struct TemplateParser {
  /// Finds a partial: its name in files, and its text. Throws for one that is not there.
  typealias Partials = (_ name: String, _ place: TemplatePlace) throws(EmailDispatchError) -> (file: String, source: String)

  private let file: String
  private let source: [UInt8]
  private let kind: TemplateKind
  private let partials: Partials
  private let isWithin: [String]

  private var open = Array("{{".utf8)
  private var close = Array("}}".utf8)
  private var index = 0
  private var line = 1
  private var position = HTMLPosition()

  private static let maxDepth = 20

  /// The template and all partials in it. `isURL`: every value is percent-encoded but for one that begins it.
  static func parse(
    _ source: String, file: String, kind: TemplateKind, isURL: Bool = false, partials: Partials
  ) throws(EmailDispatchError) -> Template {
    try withoutActuallyEscaping(partials) { (partials) throws(EmailDispatchError) in
      var parser = TemplateParser(file: file, source: Array(source.utf8), kind: kind, partials: partials, isWithin: [file])
      let tokens = try parser.tokens(until: nil)
      if kind == .html, !parser.position.isText {
        throw parser.failure("the HTML ends within a tag, a comment, or an element such as <title>")
      }
      return Template(tokens: isURL ? Template.Token.encodingURL(tokens) : tokens)
    }
  }

  private init(file: String, source: [UInt8], kind: TemplateKind, partials: @escaping Partials, isWithin: [String]) {
    self.file = file
    self.source = source
    self.kind = kind
    self.partials = partials
    self.isWithin = isWithin
  }

  private var place: TemplatePlace { TemplatePlace(file: file, line: line) }

  private func failure(_ message: String, at line: Int? = nil) -> EmailDispatchError {
    EmailDispatchError(.template, "\(file):\(line ?? self.line): \(message)")
  }

  private mutating func tokens(until section: (name: String, line: Int)?) throws(EmailDispatchError) -> [Template.Token] {
    var tokens: [Template.Token] = []
    while true {
      let start = index
      while index < source.count, !matches(open) { index += 1 }
      let text = start..<index
      guard index < source.count else {
        add(source[text], to: &tokens)
        if let section { throw failure("{{#\(section.name)}} is not closed", at: section.line) }
        return tokens
      }
      line += source[text].count { $0 == 10 }
      let tag = try readTag()
      var literal = source[text]
      if tag.isBlock, let after = endOfStandaloneLine(before: text) {
        // Mustache: a line that holds nothing but such a tag is not there.
        while let last = literal.last, last == 0x20 || last == 9 { literal = literal.dropLast() }
        line += source[index..<after].count { $0 == 10 }
        index = after
      }
      add(literal, to: &tokens)
      switch tag.sigil {
      case "!": break
      case "=": try changeDelimiters(tag)
      case ">": try addPartial(tag, to: &tokens)
      case "#", "^":
        let before = position
        let inner = try self.tokens(until: (tag.name, tag.line))
        if kind == .html, !position.isLike(before) {
          throw failure(
            "the section {{#\(tag.name)}} begins and ends at different places of the HTML (one in a tag, one outside)",
            at: tag.line)
        }
        tokens.append(
          .section(path: TemplatePath(tag.name), isInverted: tag.sigil == "^", inner, TemplatePlace(file: file, line: tag.line))
        )
      case "/":
        guard tag.name == section?.name else { throw failure("{{/\(tag.name)}} closes nothing that is open", at: tag.line) }
        return tokens
      case "&":
        tokens.append(
          .variable(
            Template.Variable(
              path: TemplatePath(tag.name), escaping: kind == .line ? .line : .raw,
              place: TemplatePlace(file: file, line: tag.line))))
      default: tokens.append(try variable(tag))
      }
    }
  }

  private mutating func add(_ literal: ArraySlice<UInt8>, to tokens: inout [Template.Token]) {
    guard !literal.isEmpty else { return }
    if kind == .html { position.advance(over: literal) }
    tokens.append(.text(String(decoding: literal, as: UTF8.self)))
  }

  private mutating func variable(_ tag: Tag) throws(EmailDispatchError) -> Template.Token {
    let place = TemplatePlace(file: file, line: tag.line)
    switch kind {
    case .text: return .variable(Template.Variable(path: TemplatePath(tag.name), escaping: .raw, place: place))
    case .line: return .variable(Template.Variable(path: TemplatePath(tag.name), escaping: .line, place: place))
    case .html:
      switch position.escaping() {
      case .success(let escaping):
        position.advanceOverValue()
        return .variable(Template.Variable(path: TemplatePath(tag.name), escaping: escaping, place: place))
      case .failure(let reason): throw failure("{{\(tag.name)}} \(reason.text)", at: tag.line)
      }
    }
  }

  private mutating func addPartial(_ tag: Tag, to tokens: inout [Template.Token]) throws(EmailDispatchError) {
    let place = TemplatePlace(file: file, line: tag.line)
    if kind == .html, !position.isText { throw failure("{{> \(tag.name)}} stands within a tag", at: tag.line) }
    let found = try partials(tag.name, place)
    if isWithin.contains(found.file) || isWithin.count > Self.maxDepth {
      throw failure("{{> \(tag.name)}} holds itself", at: tag.line)
    }
    var parser = TemplateParser(
      file: found.file, source: Array(found.source.utf8), kind: kind, partials: partials, isWithin: isWithin + [found.file])
    tokens += try parser.tokens(until: nil)
    if kind == .html, !parser.position.isText { throw failure("{{> \(tag.name)}} ends within a tag", at: tag.line) }
  }

  private struct Tag {
    var sigil: Character
    var name: String
    var line: Int
    var isBlock: Bool { "!=>#^/".contains(sigil) }
  }

  private func matches(_ octets: [UInt8]) -> Bool {
    index + octets.count <= source.count && source[index..<index + octets.count].elementsEqual(octets)
  }

  private mutating func readTag() throws(EmailDispatchError) -> Tag {
    let startLine = line
    index += open.count
    var sigil: Character = " "
    if index < source.count, "!=>#^/&{".utf8.contains(source[index]) {
      sigil = Character(UnicodeScalar(source[index]))
      index += 1
    }
    let end = sigil == "{" ? Array("}".utf8) + close : sigil == "=" ? Array("=".utf8) + close : close
    let start = index
    while index < source.count, !matches(end) { index += 1 }
    guard index < source.count else { throw failure("a tag is not closed", at: startLine) }
    let content = String(decoding: source[start..<index], as: UTF8.self)
    line += source[start..<index].count { $0 == 10 }
    index += end.count
    let name = String(content.trimmingPrefix { $0.isWhitespace }.reversed().trimmingPrefix { $0.isWhitespace }.reversed())
    if sigil == "{" { sigil = "&" }
    if sigil != "!", sigil != "=" {
      let isName = !name.isEmpty && !name.contains { $0.isWhitespace || $0 == "{" || $0 == "}" }
      guard isName else { throw failure("\"\(name.prefix(40))\" is no name", at: startLine) }
    }
    return Tag(sigil: sigil, name: name, line: startLine)
  }

  private mutating func changeDelimiters(_ tag: Tag) throws(EmailDispatchError) {
    let pair = tag.name.split(whereSeparator: \.isWhitespace)
    guard pair.count == 2, !tag.name.contains("=") else { throw failure("delimiters are set as {{=<% %>=}}", at: tag.line) }
    open = Array(pair[0].utf8)
    close = Array(pair[1].utf8)
  }

  /// Behind the line's end when nothing but white space stands beside the tag that was just read; nil otherwise.
  private func endOfStandaloneLine(before text: Range<Int>) -> Int? {
    var head = text.upperBound
    while head > 0, source[head - 1] == 0x20 || source[head - 1] == 9 { head -= 1 }
    // What stands before it in this line must belong to the text right before the tag.
    guard
      head == 0 || head > text.lowerBound && source[head - 1] == 10
        || head == text.lowerBound && head > 0 && source[head - 1] == 10
    else {
      return nil
    }
    var tail = index
    while tail < source.count, source[tail] == 0x20 || source[tail] == 9 { tail += 1 }
    if tail == source.count { return tail }
    if source[tail] == 10 { return tail + 1 }
    if source[tail] == 13, tail + 1 < source.count, source[tail + 1] == 10 { return tail + 2 }
    return nil
  }
}
