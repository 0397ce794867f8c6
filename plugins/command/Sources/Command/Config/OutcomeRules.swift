/// What exit codes, signals and timeouts mean.
///
/// Unless said otherwise a command is run once, as by cron: nobody but its author knows whether it may be run again. Only 75,
/// which sysexits.h calls EX_TEMPFAIL ("try again later"), asks for that.
package struct OutcomeRules: Decodable, Hashable, Sendable {
  /// What an end can mean.
  package enum Meaning: String, Codable, Hashable, Sendable, CaseIterable {
    case succeeded
    case skipped
    case retry
    case failed
  }

  package var succeeded = ExitCodes([0])
  package var skipped = ExitCodes([])
  package var retry = ExitCodes([75])
  package var failed = ExitCodes([])

  /// Every exit code that is in no list.
  package var other = Meaning.failed

  /// Death by a signal.
  package var signal = Meaning.failed

  /// It ran longer than `timeout`, however it ended then.
  package var timeout = Meaning.failed

  private enum CodingKeys: CodingKey { case succeeded, skipped, retry, failed, other, signal, timeout }

  package init() {}

  package init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: CodingKeys.self)
    let named = try [CodingKeys.succeeded, .skipped, .retry, .failed].map { key in
      try keys.decodeIfPresent(ExitCodes.self, forKey: key)
    }
    // A code that one list names is taken from the defaults of the others.
    let taken = named.compactMap(\.self).reduce(into: Set<Int>()) { $0.formUnion($1.codes) }
    succeeded = named[0] ?? ExitCodes(succeeded.codes.subtracting(taken))
    skipped = named[1] ?? skipped
    retry = named[2] ?? ExitCodes(retry.codes.subtracting(taken))
    failed = named[3] ?? failed
    other = try keys.decodeIfPresent(Meaning.self, forKey: .other) ?? other
    signal = try keys.decodeIfPresent(Meaning.self, forKey: .signal) ?? signal
    timeout = try keys.decodeIfPresent(Meaning.self, forKey: .timeout) ?? timeout
  }

  private var lists: [(Meaning, ExitCodes)] {
    [(.succeeded, succeeded), (.skipped, skipped), (.retry, retry), (.failed, failed)]
  }

  /// What an end means that nobody but the command itself and its timeout brought about.
  package func meaning(of end: ProcessEnd) -> Meaning {
    if end.stop == .timeout { return timeout }
    if end.signal != nil { return signal }
    return lists.first { $0.1.codes.contains(end.exitCode) }?.0 ?? other
  }

  /// Codes that several lists name.
  var ambiguous: [Int] {
    (0...255).filter { code in lists.count { $0.1.codes.contains(code) } > 1 }
  }
}

/// Exit codes: a number, a range as `"64-78"`, or a list of both.
package struct ExitCodes: Decodable, Hashable, Sendable {
  package var codes: Set<Int>

  init(_ codes: Set<Int>) { self.codes = codes }

  package init(from decoder: any Decoder) throws {
    let single = try decoder.singleValueContainer()
    let texts: [String]
    do {
      texts = [try single.decode(Scalar.self).text]
    } catch is DecodingError {
      texts = try single.decode([Scalar].self).map(\.text)
    }
    codes = []
    for text in texts {
      let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard (1...2).contains(bounds.count), let low = bounds[0], let high = bounds[bounds.count - 1], low <= high,
        low >= 0, high <= 255
      else {
        throw DecodingError.dataCorruptedError(
          in: single, debugDescription: "must be exit codes from 0 to 255 or ranges as \"64-78\", is \"\(text)\"")
      }
      codes.formUnion(low...high)
    }
  }
}
