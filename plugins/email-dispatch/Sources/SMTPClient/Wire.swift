import CCurl
import Glibc

/// One connection, through libcurl: it resolves, connects, greets, and turns TLS on; from then on octets go to and fro. One thread.
///
/// libcurl has no way to say where in a message's conversation a reply was lost, does not pipeline, and, as Debian builds it, knows
/// no SCRAM: so it is asked to connect only (CURLOPT_CONNECT_ONLY, which its manual names for SMTP), and what follows is ours.
final class Wire {
  /// The connection is of no use any more.
  struct Lost: Error {
    let message: String
  }

  /// What the server offers in its last answer to EHLO, in capitals: `PIPELINING`, `AUTH PLAIN LOGIN`.
  private(set) var offers: [String] = []

  /// What the server has said and nobody has read.
  var hasUnread: Bool { !unread.isEmpty }

  private let handle: UnsafeMutableRawPointer
  private let errors: UnsafeMutablePointer<CChar>
  private var unread: ArraySlice<UInt8> = []
  private var chunk = [UInt8](repeating: 0, count: 16_384)

  private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK
  static let maxLine = 4_096

  /// Connects. Throws `RelayProblem`.
  init(_ settings: RelaySettings) throws(RelayProblem) {
    guard Self.isReady, let handle = curl_easy_init() else {
      throw RelayProblem(needsPerson: false, message: "libcurl could not be initialised")
    }
    let greeting = Greeting()
    errors = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errors.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    self.handle = handle
    Self.configure(handle, settings, errors: errors, greeting: greeting)
    let code = withExtendedLifetime(greeting) { curl_easy_perform(handle) }
    guard code == CURLE_OK else {
      throw problem(code, settings, said: greeting.last)
    }
    offers = greeting.offers
  }

  deinit {
    curl_easy_cleanup(handle)
    errors.deallocate()
  }

  private static func configure(
    _ handle: UnsafeMutableRawPointer, _ settings: RelaySettings, errors: UnsafeMutablePointer<CChar>, greeting: Greeting
  ) {
    let scheme = settings.tls == .implicit ? "smtps" : "smtp"
    let host = settings.host.contains(":") && !settings.host.hasPrefix("[") ? "[\(settings.host)]" : settings.host
    let path = settings.hello.map { "/\($0)" } ?? ""
    _ = carillon_curl_set_errors(handle, errors)
    _ = carillon_curl_set_text(handle, CURLOPT_URL, "\(scheme)://\(host):\(settings.port)\(path)")
    _ = carillon_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    // A proxy that the environment names for the web is none for mail.
    _ = carillon_curl_set_text(handle, CURLOPT_PROXY, "")
    _ = carillon_curl_set_number(handle, CURLOPT_CONNECT_ONLY, 1)
    _ = carillon_curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
    _ = carillon_curl_set_number(handle, CURLOPT_TCP_NODELAY, 1)
    _ = carillon_curl_set_number(handle, CURLOPT_TIMEOUT_MS, max(1, settings.connectTimeout.milliseconds))
    _ = carillon_curl_set_number(handle, CURLOPT_CONNECTTIMEOUT_MS, max(1, settings.connectTimeout.milliseconds))
    let use = settings.tls == .none ? CURLUSESSL_NONE : CURLUSESSL_ALL
    _ = carillon_curl_set_number(handle, CURLOPT_USE_SSL, Int(use.rawValue))
    _ = carillon_curl_set_number(handle, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    if let caFile = settings.caFile { _ = carillon_curl_set_text(handle, CURLOPT_CAINFO, caFile) }
    _ = carillon_curl_set_lines(
      handle,
      { bytes, size, count, context in
        guard let bytes, let context else { return size * count }
        let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
        Unmanaged<Greeting>.fromOpaque(context).takeUnretainedValue().take(Array(line))
        return size * count
      }, Unmanaged.passUnretained(greeting).toOpaque())
  }

  private func problem(_ code: CURLcode, _ settings: RelaySettings, said: Reply?) -> RelayProblem {
    let relay = "\(settings.host):\(settings.port)"
    let words = String(cString: errors).isEmpty ? String(cString: curl_easy_strerror(code)) : String(cString: errors)
    switch code {
    case CURLE_USE_SSL_FAILED:
      return RelayProblem(
        needsPerson: true,
        message:
          "\(relay) does not offer STARTTLS, and nothing is sent in the clear: somebody may be in between, or the server wants `tls: implicit` (port 465)"
      )
    case CURLE_COULDNT_RESOLVE_HOST:
      return RelayProblem(needsPerson: true, message: "\(relay): there is no host of this name (\(words)); check `smtp.host`")
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
      return RelayProblem(needsPerson: true, message: "\(relay): its certificate is not trusted: \(words)")
    case CURLE_SSL_CONNECT_ERROR:
      // A server that goes away during the handshake may be back soon; one that speaks no TLS will not.
      return RelayProblem(needsPerson: words.contains("wrong version"), message: "\(relay): TLS failed: \(words)")
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
      return RelayProblem(needsPerson: true, message: "\(relay) is no server's address: \(words)")
    default:
      let answer = said.map { $0.code >= 400 ? "; it said: \($0.text)" : "" } ?? ""
      return RelayProblem(needsPerson: false, message: "\(relay): \(words)\(answer)")
    }
  }

  /// Sends all of it. Throws `Lost`.
  func send(_ octets: [UInt8], deadline: Deadline) throws(Lost) {
    var sent = 0
    while sent < octets.count {
      var count = 0
      let code = octets.withUnsafeBytes { bytes in
        curl_easy_send(handle, bytes.baseAddress! + sent, bytes.count - sent, &count)
      }
      switch code {
      case CURLE_OK: sent += count
      case CURLE_AGAIN: try wait(Int16(POLLOUT), deadline, for: "to take what was sent")
      default: throw Lost(message: "the connection broke: \(String(cString: curl_easy_strerror(code)))")
      }
    }
  }

  /// The next reply. Throws `Lost`, also for what is no reply.
  func reply(deadline: Deadline) throws(Lost) -> Reply {
    var assembler = Reply.Assembler()
    while true {
      let line = try line(deadline)
      do {
        if let reply = try assembler.take(line) { return reply }
      } catch {
        let shown = String(decoding: line.prefix(80).map { $0 < 0x20 || $0 > 0x7e ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
        throw Lost(message: "the server said \"\(shown)\", which is no SMTP reply")
      }
    }
  }

  private func line(_ deadline: Deadline) throws(Lost) -> [UInt8] {
    var searched = unread.startIndex
    while true {
      if let end = unread[searched...].firstIndex(of: 10) {
        let line = Array(unread[...end])
        unread = unread[(end + 1)...]
        return line
      }
      guard unread.count < Self.maxLine else { throw Lost(message: "the server's reply has a line without end") }
      let old = unread.count
      try receive(deadline)
      searched = unread.startIndex + old
    }
  }

  private func receive(_ deadline: Deadline) throws(Lost) {
    while true {
      var count = 0
      let code = chunk.withUnsafeMutableBytes { bytes in
        curl_easy_recv(handle, bytes.baseAddress!, bytes.count, &count)
      }
      switch code {
      case CURLE_OK:
        guard count > 0 else { throw Lost(message: "the server closed the connection") }
        // A copy: a slice of `chunk` would have all of it copied at the next read.
        unread = unread.isEmpty ? Array(chunk[0..<count])[...] : unread + chunk[0..<count]
        return
      case CURLE_AGAIN: try wait(Int16(POLLIN), deadline, for: "to reply")
      default: throw Lost(message: "the connection broke: \(String(cString: curl_easy_strerror(code)))")
      }
    }
  }

  private func wait(_ events: Int16, _ deadline: Deadline, for what: String) throws(Lost) {
    var descriptor = pollfd(fd: carillon_curl_socket(handle), events: events, revents: 0)
    while true {
      let left = deadline.milliseconds
      guard left > 0 else { throw Lost(message: "the server took longer than \(deadline.length) \(what)") }
      let count = poll(&descriptor, 1, left)
      if count > 0 { return }
      if count < 0, errno != EINTR { throw Lost(message: "poll failed: \(String(cString: strerror(errno)))") }
    }
  }
}

/// What a server says until the connection stands.
private final class Greeting {
  private var assembler = Reply.Assembler()
  private(set) var last: Reply?

  /// Of the last 250 reply: before TLS, somebody else may have spoken.
  private(set) var offers: [String] = []

  func take(_ line: [UInt8]) {
    do {
      guard let reply = try assembler.take(line) else { return }
      last = reply
      offers = reply.code == 250 ? reply.lines.dropFirst().map { $0.uppercased() } : []
    } catch {
      assembler = Reply.Assembler()  // libcurl itself judges what it cannot read
    }
  }
}

/// An instant until which something may take.
struct Deadline {
  let length: Duration
  private let end: ContinuousClock.Instant

  init(in length: Duration) {
    self.length = length
    end = .now + length
  }

  /// Left, rounded up, for poll(2); 0 when it has passed.
  var milliseconds: Int32 {
    let left = ContinuousClock.now.duration(to: end)
    return left <= .zero ? 0 : Int32(clamping: left.milliseconds + 1)
  }
}

extension Duration {
  var milliseconds: Int { Int(components.seconds) * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
