import Foundation
import MailCampaign
import Seeded
import Testing

@testable import EmailDispatch

/// Values that somebody chose to become markup, in templates of all shapes. `CARILLON_HOSTILE_MAILS` sets how many.
@Suite struct HostileTemplateTests {
  private static let pieces = [
    "<p>{{v}}</p>", "{{v}}", "<a href=\"{{v}}\">x</a>", "<a href='{{v}}'>x</a>",
    "<a href=\"https://x.test/{{v}}?a={{v}}#{{v}}\">x</a>",
    "<p title=\"{{v}}\" class='a {{v}}'>t</p>", "<p style=\"color: {{v}}\">s</p>", "<img src=\"{{v}}\" alt=\"{{v}}\">",
    "<title>{{v}}</title>",
    "<!-- note -->", "<br/>", "text & more < 3", "{{#v}}<b>{{v}}</b>{{/v}}", "{{^w}}<i>{{v}}</i>{{/w}}",
    "<a href=\"{{#v}}{{v}}{{/v}}\">y</a>",
    "<script>{{v}}</script>", "<p {{v}}>", "<p title={{v}}>", "<a onclick=\"{{v}}\">", "<style>{{v}}</style>",
    "<a href = \"{{v}}\" >", "<A HREF=\"{{v}}\">",
    "<textarea>{{v}}</textarea>", "<a\nhref=\"{{v}}\"\n>", "<p title=\"{{v}}", "\">", "'>", "-->", "<!--", "</title>",
    "<a href=\" {{v}}\">",
  ]
  private static let values = [
    "<script>alert(1)</script>", "\" onload=\"alert(1)", "' onload='alert(1)", "javascript:alert(1)", " javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)", "data:text/html,<script>", "--><script>", "</title><script>", "</textarea><b>", "a b", "&lt;b&gt;",
    "&#106;avascript:x", "`",
    "x\" y=\"z", "x' y='z", "\0<b>", "<!--", "]]>", "https://x.test/\"><b>", "//evil.test", "expression(alert(1))",
    "url(javascript:x)", "\u{2028}<b>", "=", "/>", "vbscript:x",
  ]

  @Test func noValueBecomesMarkup() throws {
    let count = ProcessInfo.processInfo.environment["CARILLON_HOSTILE_MAILS"].flatMap { Int($0) } ?? 1_000
    let seed = UInt64.random(in: 0..<1_000_000_000)
    print("hostile templates: seed \(seed)")
    var random = SplitMix(seed: seed)
    var input = Data()
    var sources: [String] = []
    var tries = 0
    while sources.count < count {
      tries += 1
      let source = (0..<Int.random(in: 1...5, using: &random)).map { _ in Self.pieces.randomElement(using: &random)! }.joined()
      let value = Self.values.randomElement(using: &random)!
      guard let hostile = render(source, value), let harmless = render(source, "x") else { continue }
      sources.append("\(source) with \(value)")
      input += try JSONEncoder().encode([hostile, harmless])
      input.append(10)
    }
    // Some must be refused, or nothing was tried.
    #expect(tries > count * 5 / 4)
    let wrong = try judge(input)
    #expect(wrong.isEmpty, "seed \(seed): \(wrong.prefix(5).map { sources[$0] })")
  }

  /// nil: the template, or the value in it, is refused.
  private func render(_ source: String, _ value: String) -> String? {
    do {
      let template = try TemplateParser.parse(source, file: "t", kind: .html) { (_, _) throws(EmailDispatchError) in ("", "") }
      return try template.render(.object(["v": .text(value)]))
    } catch {
      return nil
    }
  }

  private func judge(_ input: Data) throws -> [Int] {
    let folder = ScratchFolder()
    let file = URL(fileURLWithPath: "\(folder.path)/input")
    try input.write(to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: MailPython.path)
    process.arguments = [
      URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Oracle/same_html.py").path
    ]
    process.standardInput = try FileHandle(forReadingFrom: file)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return try JSONDecoder().decode([Int].self, from: said)
  }
}
