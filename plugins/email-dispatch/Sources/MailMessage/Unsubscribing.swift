/// How a recipient leaves a list. RFC 2369, 3.2, and RFC 8058.
package struct Unsubscribing: Hashable, Sendable {
  /// `https://…` and `mailto:…`, in the order of preference.
  package let targets: [String]

  /// The first target takes a POST, and one click does.
  package let isOneClick: Bool

  /// Throws `MailError.header` for what is no URL, and for one click without `https`.
  package init(targets: [String], isOneClick: Bool) throws(MailError) {
    for target in targets {
      let fits = target.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
      let isKnown = ["https://", "http://", "mailto:"].contains { target.hasPrefix($0) && target.utf8.count > $0.utf8.count }
      guard fits, isKnown, target.utf8.count <= 900 else {
        throw MailError(.header, "\(Characters.shown(target)) is no URL to unsubscribe at")
      }
    }
    if isOneClick, targets.first?.hasPrefix("https://") != true {
      throw MailError(.header, "one click to unsubscribe needs an https URL")
    }
    self.targets = targets
    self.isOneClick = isOneClick
  }

  func fields() throws(MailError) -> [HeaderField] {
    guard !targets.isEmpty else { return [] }
    let list = targets.enumerated().map { "<\($1)>" + ($0 + 1 < targets.count ? "," : "") }
    var fields = [try HeaderField("List-Unsubscribe", pieces: list)]
    if isOneClick { fields.append(try HeaderField("List-Unsubscribe-Post", pieces: ["List-Unsubscribe=One-Click"])) }
    return fields
  }
}
