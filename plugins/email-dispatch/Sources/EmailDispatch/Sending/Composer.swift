import FoundationEssentials
package import MailMessage
import Synchronization

/// Makes messages of recipients: templates, files, headers, signatures. Any thread.
package final class Composer: Sendable {
  private let config: MailConfig
  private let folder: TemplateFolder
  private let from: MailAddress
  private let replyTo: MailAddress?
  private let signers: [DKIMSigner]
  private let images: [MailFile]
  private let imageValues: Value
  private let attachments: [Attachment]
  private let headers: [(name: String, template: Template)]
  private let url: Template?
  private let mailto: Template?

  /// By the locale that the folder knows.
  private let templates = Mutex<[String: Result<TemplateFolder.Set, EmailDispatchError>]>([:])

  private struct Attachment: Sendable {
    let path: Template
    let name: Template?
    let mediaType: String?
    /// Of a path without variables, read once.
    let content: MailFile?
  }

  /// Reads everything that all messages share. Throws `EmailDispatchError`.
  package init(_ config: MailConfig) throws(EmailDispatchError) {
    self.config = config
    folder = try TemplateFolder([config.template.folder] + (config.template.shared.map { [$0] } ?? []))
    _ = try folder.templates(folder.known(config.template.locale ?? ""))
    let from = try Postbox.parse(config.from)
    self.from = from
    replyTo = if let text = config.replyTo { try Postbox.parse(text) } else { nil }
    var signers: [DKIMSigner] = []
    for dkim in config.dkim { signers.append(try Self.signer(dkim)) }
    self.signers = signers
    var images: [MailFile] = []
    var values: [String: Value] = [:]
    for (name, path) in config.images.sorted(by: { $0.key < $1.key }) {
      let id = "\(name)@\(from.domain)"
      images.append(
        MailFile(name: Self.lastName(path), mediaType: MediaType.of(path), content: try Self.read(path), contentID: id))
      values[name] = .text("cid:\(id)")
    }
    self.images = images
    imageValues = .object(values)
    var attachments: [Attachment] = []
    for (index, file) in config.attachments.enumerated() {
      let place = "config.attachments.\(index)"
      let path = try Self.line(file.file, place + ".file")
      var name: Template?
      if let text = file.name { name = try Self.line(text, place + ".name") }
      var content: MailFile?
      if !file.file.contains("{{") {
        content = MailFile(
          name: file.name ?? Self.lastName(file.file), mediaType: file.type ?? MediaType.of(file.file),
          content: try Self.read(file.file))
      }
      attachments.append(Attachment(path: path, name: name, mediaType: file.type, content: content))
    }
    self.attachments = attachments
    var headers: [(name: String, template: Template)] = []
    for (name, text) in config.headers.sorted(by: { $0.key < $1.key }) {
      do throws(MailError) {
        try Mail.check(extraField: name)
      } catch {
        throw EmailDispatchError(.message, error.message)
      }
      headers.append((name, try Self.line(text, "config.headers.\(name)")))
    }
    self.headers = headers
    url = if let text = config.unsubscribe?.url { try Self.line(text, "config.unsubscribe.url", isURL: true) } else { nil }
    mailto =
      if let text = config.unsubscribe?.mailto {
        try Self.line("mailto:\(text)", "config.unsubscribe.mailto", isURL: true)
      } else { nil }
  }

  /// The envelope's sender.
  package var sender: String { config.returnPath ?? from.text }

  package var messageDomain: String { from.domain }

  /// The message, unsigned and unwritten. Throws `EmailDispatchError` with file and line for what is missing.
  package func compose(_ recipient: Recipient, id: MessageID, atSeconds: Int64) throws(EmailDispatchError) -> Mail {
    try compose(recipient, id: id, atSeconds: atSeconds, isCheck: false)
  }

  /// Throws what `compose` and `render` would throw, and is faster where nothing is wrong.
  package func check(_ recipient: Recipient, id: MessageID, atSeconds: Int64) throws(EmailDispatchError) {
    let mail = try compose(recipient, id: id, atSeconds: atSeconds, isCheck: true)
    guard !mail.isPlain || recipient.values.values.contains(where: \.mayHoldNUL) else { return }
    _ = try render(try compose(recipient, id: id, atSeconds: atSeconds))
  }

  /// For a check the bodies are left empty, once their variables are found to be there.
  private func compose(
    _ recipient: Recipient, id: MessageID, atSeconds: Int64, isCheck: Bool
  ) throws(EmailDispatchError) -> Mail {
    let to = try Postbox.address(recipient.address, name: recipient.name ?? "")
    var values = recipient.values
    values["images"] = imageValues
    var targets: [String] = []
    for template in [url, mailto] {
      if let template { targets.append(try template.render(.object(values))) }
    }
    if let first = targets.first { values["unsubscribe_url"] = .text(first) }
    let all = Value.object(values)
    let set = try templates(recipient.locale ?? config.template.locale ?? "")
    var mail = Mail(from: from, to: to, subject: try set.subject.render(all), id: id, dateSeconds: atSeconds)
    mail.replyTo = replyTo
    if isCheck {
      try set.text?.check(all)
      try set.html?.check(all)
    } else {
      mail.text = try set.text?.render(all)
      mail.html = try set.html?.render(all)
    }
    for header in headers { mail.extraFields.append((header.name, try header.template.render(all))) }
    do throws(MailError) {
      let oneClick = config.unsubscribe?.oneClick ?? (targets.first?.hasPrefix("https://") ?? false)
      if !targets.isEmpty { mail.unsubscribing = try Unsubscribing(targets: targets, isOneClick: oneClick) }
    } catch {
      throw EmailDispatchError(.message, error.message)
    }
    if mail.html != nil { mail.files += images }
    for attachment in attachments { mail.files.append(try file(attachment, values)) }
    return mail
  }

  /// The octets of a message. Throws `EmailDispatchError.message`.
  package func render(_ mail: Mail) throws(EmailDispatchError) -> RenderedMail {
    do throws(MailError) {
      return try mail.render(signers: signers)
    } catch {
      throw EmailDispatchError(.message, error.message)
    }
  }

  private func templates(_ locale: String) throws(EmailDispatchError) -> TemplateFolder.Set {
    let known = folder.known(locale)
    if let found = templates.withLock({ $0[known] }) { return try found.get() }
    let made: Result<TemplateFolder.Set, EmailDispatchError>
    do throws(EmailDispatchError) {
      made = .success(try folder.templates(known))
    } catch {
      made = .failure(error)
    }
    templates.withLock { $0[known] = made }
    return try made.get()
  }

  private func file(_ attachment: Attachment, _ values: [String: Value]) throws(EmailDispatchError) -> MailFile {
    if let content = attachment.content, attachment.name?.hasVariables != true { return content }
    let all = Value.object(values)
    let safe = Value.object(values.mapValues(Self.withoutSlashes))
    let path = try attachment.path.render(safe)
    let name = if let template = attachment.name { try template.render(all) } else { Self.lastName(path) }
    let content = if let content = attachment.content { content.content } else { try Self.read(path) }
    return MailFile(name: name, mediaType: attachment.mediaType ?? MediaType.of(path), content: content)
  }

  /// A recipient's value names one file in a folder, never another folder: what could is taken away, and so is missing.
  private static func withoutSlashes(_ value: Value) -> Value {
    switch value {
    case .text(let text) where text.contains("/") || text.utf8.contains(0) || text == ".." || text == ".": .null
    case .object(let members): .object(members.mapValues(withoutSlashes))
    default: value
    }
  }

  private static func line(_ text: String, _ place: String, isURL: Bool = false) throws(EmailDispatchError) -> Template {
    try TemplateParser.parse(text, file: place, kind: .line, isURL: isURL) { (name, _) throws(EmailDispatchError) in
      throw EmailDispatchError(.template, "\(place): there are no partials here, such as {{> \(name)}}")
    }
  }

  private static func signer(_ dkim: DKIMConfig) throws(EmailDispatchError) -> DKIMSigner {
    let pem = if let file = dkim.keyFile { String(decoding: try read(file), as: UTF8.self) } else { dkim.key ?? "" }
    do throws(MailError) {
      return try DKIMSigner(domain: dkim.domain, selector: dkim.selector, pem: pem)
    } catch {
      throw EmailDispatchError(.message, error.message)
    }
  }

  private static func read(_ path: String) throws(EmailDispatchError) -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw EmailDispatchError(.file, "\(path) cannot be read: \(error)")
    }
  }

  private static func lastName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}

extension Mail {
  /// Nothing in its header could be refused when it is written, and no file travels with it.
  fileprivate var isPlain: Bool {
    let texts = [subject, to.name] + extraFields.map(\.value)
    return texts.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 } } && files.isEmpty
  }
}

extension Value {
  fileprivate var mayHoldNUL: Bool {
    switch self {
    case .text(let text): text.utf8.contains(0)
    case .null, .bool, .integer, .number: false
    case .list, .object: true
    }
  }
}
