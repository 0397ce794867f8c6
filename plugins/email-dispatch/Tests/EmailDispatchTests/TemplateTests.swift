import Testing

@testable import EmailDispatch

@Suite struct TemplateTests {
  private static let values = Value.object([
    "name": .text("Ann <b>"), "n": .integer(3), "empty": .text(""), "no": .bool(false), "yes": .bool(true), "null": .null,
    "list": .list([.object(["x": .text("1")]), .object(["x": .text("2")])]), "words": .list([.text("a"), .text("b")]),
    "o": .object(["p": .object(["q": .text("deep")])]), "url": .text("https://x.test/?a=1&b=2"),
    "bad": .text("javascript:alert(1)"),
    "q": .text("a b&c=d"), "colour": .text("#fff"), "quote": .text("\"' onload=x"),
  ])

  private func render(_ source: String, _ kind: TemplateKind = .text, partials: [String: String] = [:]) throws -> String {
    let template = try TemplateParser.parse(source, file: "t", kind: kind) { (name, place) throws(EmailDispatchError) in
      guard let text = partials[name] else { throw EmailDispatchError(.template, "\(place.file):\(place.line): no \(name)") }
      return (name, text)
    }
    return try template.render(Self.values)
  }

  @Test(arguments: [
    ("Hi {{name}}!", "Hi Ann <b>!"), ("{{ n }}", "3"), ("{{o.p.q}}", "deep"), ("{{! no }}x", "x"), ("a\n{{! no }}\nb", "a\nb"),
    ("{{#yes}}y{{/yes}}{{^yes}}n{{/yes}}", "y"), ("{{#no}}y{{/no}}{{^no}}n{{/no}}", "n"), ("{{#list}}{{x}},{{/list}}", "1,2,"),
    ("{{#words}}{{.}} {{/words}}", "a b "), ("{{#absent}}y{{/absent}}{{^absent}}n{{/absent}}", "n"),
    ("{{^empty}}n{{/empty}}", "n"),
    ("{{#list}}\n{{x}}\n{{/list}}\nend", "1\n2\nend"), ("{{=<% %>=}}<% n %>{{n}}", "3{{n}}"),
    ("{{#o}}{{#p}}{{q}}{{n}}{{/p}}{{/o}}", "deep3"),
    ("a\r\n{{#yes}}\r\nb\r\n{{/yes}}\r\nc", "a\r\nb\r\nc"), ("{{{name}}}{{&name}}", "Ann <b>Ann <b>"), ("{{> p}}", "[3]"),
    ("  {{#yes}}x{{/yes}}", "  x"),
  ])
  func mustache(_ source: String, _ text: String) throws {
    #expect(try render(source, partials: ["p": "[{{n}}]"]) == text)
  }

  @Test(arguments: [
    ("<p>{{name}}</p>", "<p>Ann &lt;b&gt;</p>"), ("<p>{{{name}}}</p>", "<p>Ann <b></p>"),
    ("<p title=\"{{quote}}\">", "<p title=\"&quot;&#39; onload=x\">"),
    ("<p title='{{quote}}'>", "<p title='&quot;&#39; onload=x'>"),
    ("<a href=\"{{url}}\">", "<a href=\"https://x.test/?a=1&amp;b=2\">"),
    ("<a href=\"https://x.test/?q={{q}}\">", "<a href=\"https://x.test/?q=a%20b%26c%3Dd\">"),
    ("<p style=\"color: {{colour}}\">", "<p style=\"color: #fff\">"),
    ("<title>{{name}}</title>", "<title>Ann &lt;b&gt;</title>"),
    ("<a href=\"{{#yes}}{{url}}{{/yes}}\">", "<a href=\"https://x.test/?a=1&amp;b=2\">"), ("<!-- x -->{{n}}", "<!-- x -->3"),
  ])
  func htmlIsEscapedWhereItStands(_ source: String, _ text: String) throws {
    #expect(try render(source, .html) == text)
  }

  @Test(arguments: [
    ("<a href=\"{{bad}}\">", "t:1: {{bad}} is no address"),
    ("<p title=\"x", "t:1: the HTML ends within a tag"),
    ("<p title={{name}}>", "t:1: {{name}} is the value of an attribute without quotes"),
    ("<script>\nvar x = '{{name}}'</script>", "t:2: {{name}} stands within <script>"),
    ("<style>{{colour}}</style>", "t:1: {{colour}} stands within <style>"),
    ("<{{name}}>", "t:1: {{name}} stands within a tag"), ("<p onclick=\"{{name}}\">", "t:1: {{name}} stands within a script"),
    ("<!-- {{name}} -->", "t:1: {{name}} stands within a comment"),
    ("<p {{#yes}}>{{/yes}}", "t:1: the section {{#yes}} begins and ends"),
    ("<p style=\"{{url}}\">", "t:1: {{url}} holds what a style may not"), ("<a {{> p}}>", "t:1: {{> p}} stands within a tag"),
  ])
  func whatNoEscapingMakesSafeIsRefused(_ source: String, _ message: String) throws {
    let error = #expect(throws: EmailDispatchError.self) { try render(source, .html, partials: ["p": "x"]) }
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    ("a\nb {{first_name}}", "t:2: {{first_name}} is missing"), ("{{null}}", "t:1: {{null}} is null"),
    ("{{list}}", "t:1: {{list}} is a list or an object"),
    ("\n\n{{#list}}{{y}}{{/list}}", "t:3: {{y}} is missing"), ("{{o.x}}", "t:1: {{o.x}} is missing"),
    ("{{#yes}}", "t:1: {{#yes}} is not closed"),
    ("{{/yes}}", "t:1: {{/yes}} closes nothing"), ("\n{{name", "t:2: a tag is not closed"), ("{{> none}}", "t:1: no none"),
    ("{{> me}}", "me:1: {{> me}} holds itself"),
    ("{{}}", "t:1: \"\" is no name"), ("{{a b}}", "t:1: \"a b\" is no name"),
  ])
  func mistakesAreNamedWithTheirLine(_ source: String, _ message: String) throws {
    let error = #expect(throws: EmailDispatchError.self) { try render(source, partials: ["me": "{{> me}}"]) }
    #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
  }

  @Test func aMissingFolderIsNamed() {
    let error = #expect(throws: EmailDispatchError.self) { try TemplateFolder(["/nowhere/at/all"]) }
    #expect(error?.message == "the template folder /nowhere/at/all cannot be read: No such file or directory")
  }
}
