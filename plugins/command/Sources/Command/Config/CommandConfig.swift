/// The plugin's configuration, as README.md explains it.
package struct CommandConfig: Decodable, Hashable, Sendable {
  /// How standard output is taken.
  package enum Output: String, Codable, Hashable, Sendable, CaseIterable {
    case text
    case json
  }

  /// A program and its arguments, or a text for a shell.
  package var command: CommandWords
  package var shell = Shell.none

  /// Behind the text of a shell: `$1` and so on.
  package var arguments: [String]?
  package var items: ItemSource?
  package var stdin = StandardInput.none
  package var environment: [String: String] = [:]
  package var inherit: [String] = []
  package var directory: String?
  package var user: String?
  package var group: String?
  package var umask: UInt32 = 0o022
  package var timeout: Duration?
  package var grace: Duration = .seconds(5)
  package var background = Launch.Background.kill
  package var outcomes = OutcomeRules()
  package var output = Output.text

  /// Of each stream, what goes into the run's log.
  package var logLimit = 1 << 20

  /// Of each stream, the end that is kept in the item's output.
  package var tail = 4_096

  private enum CodingKeys: String, CodingKey {
    case command, shell, arguments, items, stdin, environment, inherit, directory, user, group, umask, timeout, grace,
      background
    case outcomes, output, tail
    case logLimit = "log_limit"
  }

  package init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    command = try keys.decode(CommandWords.self, forKey: .command)
    shell = try keys.decodeIfPresent(Shell.self, forKey: .shell) ?? shell
    arguments = try keys.decodeIfPresent([Scalar].self, forKey: .arguments)?.map(\.text)
    items = try keys.decodeIfPresent(ItemSource.self, forKey: .items)
    stdin = try keys.decodeIfPresent(StandardInput.self, forKey: .stdin) ?? stdin
    environment = try keys.decodeIfPresent([String: Scalar].self, forKey: .environment)?.mapValues(\.text) ?? [:]
    inherit = try keys.decodeIfPresent([String].self, forKey: .inherit) ?? []
    directory = try keys.decodeIfPresent(String.self, forKey: .directory)
    user = try keys.decodeIfPresent(Scalar.self, forKey: .user)?.text
    group = try keys.decodeIfPresent(Scalar.self, forKey: .group)?.text
    umask = try keys.decodeIfPresent(FileMode.self, forKey: .umask)?.bits ?? umask
    timeout = try keys.decodeIfPresent(DurationText.self, forKey: .timeout)?.duration
    if timeout == .zero { timeout = nil }
    grace = try keys.decodeIfPresent(DurationText.self, forKey: .grace)?.duration ?? grace
    background = try keys.decodeIfPresent(Launch.Background.self, forKey: .background) ?? background
    outcomes = try keys.decodeIfPresent(OutcomeRules.self, forKey: .outcomes) ?? outcomes
    output = try keys.decodeIfPresent(Output.self, forKey: .output) ?? output
    logLimit = try keys.decodeIfPresent(SizeText.self, forKey: .logLimit)?.bytes ?? logLimit
    tail = try keys.decodeIfPresent(SizeText.self, forKey: .tail)?.bytes ?? tail
  }
}

/// What is run: words, or a text that only a shell can read.
package enum CommandWords: Decodable, Hashable, Sendable {
  case words([String])
  case text(String)

  package init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    do {
      self = .text(try single.decode(String.self))
    } catch is DecodingError {
      self = .words(try single.decode([Scalar].self).map(\.text))
    }
  }
}

/// Whether a shell reads the command, and which.
package enum Shell: Decodable, Hashable, Sendable {
  case none
  case path(String)

  package init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    do {
      self = try single.decode(Bool.self) ? .path("/bin/sh") : .none
    } catch is DecodingError {
      self = .path(try single.decode(String.self))
    }
  }
}

/// What a command reads.
package enum StandardInput: Decodable, Hashable, Sendable {
  case none
  /// The item: a line, or JSON.
  case item
  case text(String)
  case file(String)

  private enum CodingKeys: CodingKey { case text, file }

  package init(from decoder: any Decoder) throws {
    guard let keys = Self.keyed(decoder) else {
      let single = try decoder.singleValueContainer()
      switch try single.decode(String.self) {
      case "none": self = .none
      case "item": self = .item
      case let other:
        throw DecodingError.dataCorruptedError(
          in: single, debugDescription: "must be none, item, {text: …} or {file: …}, is \"\(other)\"")
      }
      return
    }
    switch (try keys.decodeIfPresent(String.self, forKey: .text), try keys.decodeIfPresent(String.self, forKey: .file)) {
    case (let text?, nil): self = .text(text)
    case (nil, let file?): self = .file(file)
    default:
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "needs either text or file"))
    }
  }

  private static func keyed(_ decoder: any Decoder) -> KeyedDecodingContainer<CodingKeys>? {
    do { return try decoder.container(keyedBy: CodingKeys.self) } catch { return nil }  // then it is a word
  }
}
