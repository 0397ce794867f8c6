import FoundationEssentials

/// A page that shows a run's thumbnails: one HTML file, which loads nothing.
package struct ContactSheet: Sendable {
  /// Bounds of what is inlined; what exceeds them is counted.
  static let maxImages = 1_000
  static let maxImageBytes = 6 << 20
  static let maxFailures = 200

  private let title: String
  private var figures: [String] = []
  private var failures: [String] = []
  private var inlinedBytes = 0
  private var imagesLeftOut = 0
  private var failuresLeftOut = 0

  package init(title: String) {
    self.title = title
  }

  package func hasRoom(for bytes: Int) -> Bool {
    figures.count < ContactSheet.maxImages && inlinedBytes + bytes <= ContactSheet.maxImageBytes
  }

  /// Adds an image; with nil for its thumbnail it is only counted.
  package mutating func add(_ output: ImageOutput, jpeg: [UInt8]?) {
    guard let jpeg else {
      imagesLeftOut += 1
      return
    }
    inlinedBytes += jpeg.count
    let path = ContactSheet.escaped(output.source)
    let mark = output.warning.map { " <b title=\"\(ContactSheet.escaped($0))\">warning</b>" } ?? ""
    figures.append(
      """
      <figure><img alt="" src="data:image/jpeg;base64,\(Data(jpeg).base64EncodedString())">\
      <figcaption title="\(path)"><span>\(path)</span>\
      <small>\(output.width) × \(output.height)\(mark)</small></figcaption></figure>
      """)
  }

  package mutating func addFailure(path: String, reason: String) {
    guard failures.count < ContactSheet.maxFailures else {
      failuresLeftOut += 1
      return
    }
    failures.append(
      "<li><code>\(ContactSheet.escaped(path))</code> \(ContactSheet.escaped(reason))</li>")
  }

  package func html(_ report: RunReport) -> String {
    """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>\(ContactSheet.escaped(title))</title>
    <style>\(ContactSheet.style)</style>
    <header><h1>\(ContactSheet.escaped(title))</h1>
    <p>\(ContactSheet.facts(report).joined(separator: " · "))</p></header>
    \(failureList)
    <main>
    \(figures.joined(separator: "\n"))
    </main>
    \(imagesLeftOut > 0 ? "<footer>\(imagesLeftOut) more images are not shown.</footer>" : "")
    </html>

    """
  }

  private var failureList: String {
    guard !failures.isEmpty else { return "" }
    let more = failuresLeftOut > 0 ? "<li>\(failuresLeftOut) more</li>" : ""
    return "<details open><summary>Failed</summary><ul>\(failures.joined())\(more)</ul></details>"
  }

  private static func facts(_ report: RunReport) -> [String] {
    [
      "\(report.succeeded) made", "\(report.skipped) skipped",
      report.dead > 0 ? "<b>\(report.dead) failed</b>" : "0 failed",
      "\(megabytes(report.bytesIn)) in", "\(megabytes(report.bytesOut)) out",
      "\(tenths(report.megapixelsPerSecond)) MP/s",
    ]
  }

  private static func megabytes(_ bytes: Int) -> String { "\(tenths(Double(bytes) / 1_000_000)) MB" }

  private static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static let style = """
    :root{color-scheme:light dark;font:14px/1.4 system-ui,sans-serif}
    body{margin:0;padding:1.5rem}
    h1{font-size:1.3rem;margin:0}
    header p,footer{color:color-mix(in srgb,currentColor 65%,transparent)}
    main{display:grid;grid-template-columns:repeat(auto-fill,minmax(166px,1fr));gap:12px}
    figure{margin:0;padding:8px;border-radius:6px;background:color-mix(in srgb,currentColor 6%,transparent);\
    display:flex;flex-direction:column}
    img{max-width:150px;max-height:150px;margin:auto;object-fit:contain}
    figcaption{margin-top:6px;min-width:0}
    figcaption span{display:block;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
    small{opacity:.65}
    b{color:#c2410c}
    details{margin:0 0 1rem}
    """
}
