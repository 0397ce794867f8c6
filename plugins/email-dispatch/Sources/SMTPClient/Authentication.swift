import Crypto

/// Says who we are, before the first message. RFC 4954.
struct Authentication {
  let settings: RelaySettings

  /// Does nothing without a user. Throws `RelayProblem`.
  func run(on wire: Wire) throws(RelayProblem) {
    guard let user = settings.user else { return }
    let password = settings.password ?? ""
    guard !(user + password).utf8.contains(0) else { throw problem("the user or the password holds a NUL", person: true) }
    let mechanism = try choose(wire.offers)
    let reply: Reply
    do {
      switch mechanism {
      case .plain:
        reply = try ask(wire, "AUTH PLAIN \(encoded("\0\(user)\0\(password)"))")
      case .login:
        reply = try login(wire, user, password)
      case .xoauth2:
        let first = try ask(wire, "AUTH XOAUTH2 \(encoded("user=\(user)\u{1}auth=Bearer \(password)\u{1}\u{1}"))")
        // A refusal is explained in a challenge that wants an empty answer.
        reply = first.code == 334 ? try ask(wire, "") : first
      case .scramSHA256:
        reply = try scram(wire, user, password)
      }
    } catch {
      throw problem("authentication failed: \(error.message)", person: false)
    }
    guard reply.code == 235 else {
      throw problem("\(mechanism.name) for the user \(user) was not accepted: \(reply.text)", person: reply.code >= 500)
    }
  }

  private func choose(_ offers: [String]) throws(RelayProblem) -> RelaySettings.Mechanism {
    let words = offers.filter { $0.hasPrefix("AUTH ") || $0.hasPrefix("AUTH=") }.flatMap {
      $0.dropFirst(5).split(separator: " ")
    }
    let offered = Set(words.map(String.init))
    if let wanted = settings.mechanism {
      guard offered.contains(wanted.name) else {
        throw problem("does not offer \(wanted.name), only: \(offered.sorted().joined(separator: " "))", person: true)
      }
      return wanted
    }
    for mechanism in [RelaySettings.Mechanism.scramSHA256, .plain, .login] where offered.contains(mechanism.name) {
      return mechanism
    }
    let list = offered.isEmpty ? "nothing" : "only " + offered.sorted().joined(separator: " ")
    throw problem("offers \(list) to authenticate with; leave `smtp.user` out if it wants nobody", person: true)
  }

  private func ask(_ wire: Wire, _ line: String) throws(Wire.Lost) -> Reply {
    let deadline = Deadline(in: settings.connectTimeout)
    try wire.send(Array("\(line)\r\n".utf8), deadline: deadline)
    return try wire.reply(deadline: deadline)
  }

  private func login(_ wire: Wire, _ user: String, _ password: String) throws(Wire.Lost) -> Reply {
    var reply = try ask(wire, "AUTH LOGIN")
    for answer in [user, password] where reply.code == 334 { reply = try ask(wire, encoded(answer)) }
    return reply
  }

  private func scram(_ wire: Wire, _ user: String, _ password: String) throws(Wire.Lost) -> Reply {
    var scram = Scram(user: user, password: password, nonce: Scram.freshNonce())
    let first = try ask(wire, "AUTH SCRAM-SHA-256 \(encoded(scram.first))")
    guard first.code == 334 else { return first }
    guard let final = scram.final(answering: decoded(first)) else {
      throw Wire.Lost(message: "the server's SCRAM challenge is none")
    }
    let proof = try ask(wire, encoded(final))
    guard proof.code == 334 else {
      // Some servers put their own proof into the last reply; others leave it out, and then they have not shown who they are.
      if proof.code == 235, !scram.isServer(decoded(proof)) {
        throw Wire.Lost(message: "the server did not prove that it knows the password")
      }
      return proof
    }
    guard scram.isServer(decoded(proof)) else {
      throw Wire.Lost(message: "the server did not prove that it knows the password")
    }
    return try ask(wire, "")
  }

  private func encoded(_ text: String) -> String { Base64Text.encode(Array(text.utf8)) }

  private func decoded(_ reply: Reply) -> String {
    let word = reply.lines.joined().split(separator: " ").last.map(String.init) ?? ""
    return String(decoding: Base64Text.decode(word) ?? [], as: UTF8.self)
  }

  private func problem(_ text: String, person: Bool) -> RelayProblem {
    RelayProblem(needsPerson: person, message: "\(settings.host):\(settings.port) \(text)")
  }
}

extension RelaySettings.Mechanism {
  /// As servers call it.
  var name: String { rawValue.uppercased() }
}
