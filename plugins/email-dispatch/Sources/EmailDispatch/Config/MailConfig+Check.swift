package import CarillonPlugin
import FoundationEssentials
import MailMessage
import SMTPClient

extension MailConfig {
  /// Everything that is wrong with a configuration that could be decoded.
  package var diagnostics: [Diagnostic] {
    addresses + paths + recipients.diagnostics(at: "/recipients") + (suppress?.diagnostics(at: "/suppress") ?? []) + relay
      + signatures
      + bounds + templates
  }

  private var addresses: [Diagnostic] {
    var found: [Diagnostic] = []
    for (pointer, text) in [("/from", from), ("/replyTo", replyTo), ("/returnPath", returnPath)] {
      guard let text else { continue }
      do throws(EmailDispatchError) {
        let address = try Postbox.parse(text)
        if pointer == "/returnPath", address.text != text {
          found.append(.error("is an address without a name", at: pointer))
        }
      } catch {
        found.append(.error(error.message, at: pointer))
      }
    }
    return found
  }

  private var paths: [Diagnostic] {
    var all: [(String, String?)] = [
      ("/template/folder", template.folder), ("/template/shared", template.shared), ("/log", log),
    ]
    all.append(("/smtp/caFile", smtp.caFile))
    for (name, path) in images { all.append(("/images/\(name)", path)) }
    for (index, file) in attachments.enumerated() { all.append(("/attachments/\(index)/file", file.file)) }
    for (index, dkim) in dkim.enumerated() { all.append(("/dkim/\(index)/keyFile", dkim.keyFile)) }
    return all.compactMap { pointer, path in
      guard let path, !path.hasPrefix("/") else { return nil }
      return .error("\"\(path)\" is not an absolute path", at: pointer)
    }
  }

  private var relay: [Diagnostic] {
    var found: [Diagnostic] = []
    let plain = smtp.host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"/@?#\\".utf8.contains($0) }
    if smtp.host.isEmpty || !plain { found.append(.error("\"\(smtp.host)\" is no host", at: "/smtp/host")) }
    if !(1...65_535).contains(smtp.port) { found.append(.error("\(smtp.port) is not within 1 to 65535", at: "/smtp/port")) }
    if smtp.tls == .starttls, smtp.port == 465 {
      found.append(.warning("port 465 usually speaks TLS from the first octet: `tls: implicit`", at: "/smtp/tls"))
    }
    let isLocal = ["localhost", "127.0.0.1", "::1", "[::1]"].contains(smtp.host)
    if smtp.tls == .none, !isLocal {
      if smtp.password != nil { found.append(.error("a password would go over the wire in the clear", at: "/smtp/tls")) }
      found.append(.warning("messages go over the wire in the clear", at: "/smtp/tls"))
    }
    if smtp.user == nil, smtp.password != nil { found.append(.error("there is a password, but no user", at: "/smtp/password")) }
    if smtp.user != nil, smtp.password == nil { found.append(.error("there is a user, but no password", at: "/smtp/user")) }
    if !(1...256).contains(smtp.connections) { found.append(.error("is not within 1 to 256", at: "/smtp/connections")) }
    if smtp.messagesPerConnection < 1 { found.append(.error("is not at least 1", at: "/smtp/messagesPerConnection")) }
    if let hello = smtp.hello, !hello.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) || smtp.hello == "" {
      found.append(.error("is no host name", at: "/smtp/hello"))
    }
    return found
  }

  private var signatures: [Diagnostic] {
    var found: [Diagnostic] = []
    for (index, dkim) in dkim.enumerated() where (dkim.key == nil) == (dkim.keyFile == nil) {
      found.append(.error("needs either key or keyFile", at: "/dkim/\(index)"))
    }
    let isOneClick = unsubscribe?.oneClick ?? (unsubscribe?.url?.hasPrefix("https://") == true)
    if isOneClick, dkim.isEmpty {
      found.append(
        .warning("mail programs take one click only from messages with a DKIM signature (RFC 8058)", at: "/unsubscribe"))
    }
    if let unsubscribe, unsubscribe.url == nil, unsubscribe.mailto == nil {
      found.append(.error("needs url or mailto", at: "/unsubscribe"))
    }
    return found
  }

  private var bounds: [Diagnostic] {
    var found: [Diagnostic] = []
    for (domain, limits) in domains {
      if let concurrency = limits.concurrency, concurrency < 1 {
        found.append(.error("is not at least 1", at: "/domains/\(domain)/concurrency"))
      }
      if let perMinute = limits.perMinute, !(perMinute > 0) {
        found.append(.error("is not above 0", at: "/domains/\(domain)/perMinute"))
      }
    }
    for name in images.keys
    where !name.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 || $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a || $0 == 0x5f }) {
      found.append(.error("an image's name is letters, digits and underscores", at: "/images/\(name)"))
    }
    return found
  }

  /// Templates are read when the folder is there: a job is often checked on another machine than the one that runs it.
  private var templates: [Diagnostic] {
    guard template.folder.hasPrefix("/") else { return [] }
    guard FileManager.default.fileExists(atPath: template.folder) else {
      return [.warning("the folder \(template.folder) is not there", at: "/template/folder")]
    }
    do throws(EmailDispatchError) {
      let folder = try TemplateFolder([template.folder] + (template.shared.map { [$0] } ?? []))
      _ = try folder.templates(folder.known(template.locale ?? ""))
      return []
    } catch {
      return [.error(error.message, at: "/template/folder")]
    }
  }
}

extension RecipientsConfig {
  fileprivate func diagnostics(at pointer: String) -> [Diagnostic] {
    var found: [Diagnostic] = []
    let sources = [file != nil, sqlite != nil, event != nil].count { $0 }
    if sources != 1 { found.append(.error("needs exactly one of file, sqlite and event", at: pointer)) }
    if let file, !file.hasPrefix("/") { found.append(.error("\"\(file)\" is not an absolute path", at: pointer + "/file")) }
    if let file = sqlite?.file, !file.hasPrefix("/") {
      found.append(.error("\"\(file)\" is not an absolute path", at: pointer + "/sqlite/file"))
    }
    if delimiter.utf8.count != 1 { found.append(.error("is one ASCII character", at: pointer + "/delimiter")) }
    return found
  }
}
