/// Names for jobs that had none: made of what they run, unique, and the same in every import.
enum JobNames {
  /// A job's longest name, less what makes it unique.
  private static let maxLength = 56

  /// Words that have another meaning behind `carillon run`.
  private static let reserved: Set = ["show", "job", "help"]

  /// What is run by way of others.
  private static let wrappers: Set = [
    "sudo", "nice", "ionice", "chrt", "exec", "env", "nohup", "time", "timeout", "flock", "chronic", "setsid", "command", "if",
    "then", "else", "do", "!", "systemd-cat", "su", "runuser", "unshare", "while",
  ]

  /// What prepares, and names nothing.
  private static let preparations: Set = [
    "test", "[", "[[", "cd", "true", ":", "sleep", "export", "umask", ".", "source", "set", "fi", "done", "exit", "echo",
    "which",
    "pgrep", "grep",
  ]

  /// Programs that say little without their first argument.
  private static let runners: Set = [
    "sh", "bash", "dash", "zsh", "python", "python2", "python3", "perl", "ruby", "php", "node", "java", "run-parts", "make",
    "systemctl", "service", "invoke-rc.d", "docker", "podman", "apt-get", "apt", "git", "find", "curl", "wget",
  ]

  /// What a command line is best called: its program, and what it works on where the program says little; `longer` with its
  /// first argument in any case.
  static func base(ofCommand command: String) -> (short: String, longer: String?) {
    for segment in segments(command) {
      var words = segment[...]
      while let first = words.first {
        let name = fileName(first)
        let isAssignment = first.contains("=") && !first.hasPrefix("-") && !first.hasPrefix("/")
        guard isAssignment || wrappers.contains(name) || isOptionOrNumber(first) else { break }
        words = words.dropFirst()
        // Its first word is the lock.
        if name == "flock" { words = words.drop(while: isOptionOrNumber).dropFirst() }
      }
      guard let program = words.first.map(fileName), !program.isEmpty, !preparations.contains(program),
        !words.contains(where: { $0.contains("sleep") })
      else { continue }
      let object = words.dropFirst().first { !isOptionOrNumber($0) && $0 != "{}" }.map { "\(program)-\(fileName($0))" }
      return (runners.contains(program) ? object ?? program : program, object)
    }
    return ("cron", nil)
  }

  /// The commands of a line, as words. Rough: it serves names only.
  private static func segments(_ command: String) -> [[String]] {
    var segments: [[String]] = [[]]
    var word = ""
    var quote: Character?
    func endWord() {
      if !word.isEmpty { segments[segments.count - 1].append(word) }
      word = ""
    }
    for character in command {
      switch (character, quote) {
      case (let end, let open?) where end == open: quote = nil
      case (_, .some): word.append(character)
      case ("'", nil), ("\"", nil), ("`", nil): quote = character
      case (" ", nil), ("\t", nil), (">", nil), ("<", nil): endWord()
      case (";", nil), ("&", nil), ("|", nil), ("(", nil), (")", nil), ("{", nil), ("}", nil), ("\n", nil):
        endWord()
        if !segments[segments.count - 1].isEmpty { segments.append([]) }
      default: word.append(character)
      }
    }
    endWord()
    return segments
  }

  private static func fileName(_ path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    for ending in [".sh", ".py", ".pl", ".php", ".rb", ".js"] where name.hasSuffix(ending) && name.count > ending.count {
      return String(name.dropLast(ending.count))
    }
    return name
  }

  /// Options, and what often follows them: `-n 10`, `30m`.
  private static func isOptionOrNumber(_ word: String) -> Bool {
    word.hasPrefix("-") || word.hasPrefix("+") || word.first.map { $0.isASCII && $0.isNumber } ?? false
  }

  /// Lower-case letters, digits and single hyphens, a letter or digit first.
  static func slug(_ text: String) -> String {
    var slug = ""
    for character in text.lowercased().unicodeScalars {
      if ("a"..."z").contains(character) || ("0"..."9").contains(character) {
        slug.unicodeScalars.append(character)
      } else if !slug.isEmpty, !slug.hasSuffix("-") {
        slug += "-"
      }
    }
    slug = String(slug.prefix(maxLength))
    while slug.hasSuffix("-") { slug.removeLast() }
    if slug.isEmpty { slug = "cron" }
    return reserved.contains(slug) ? "cron-\(slug)" : slug
  }

  /// A name for each draft. Those that would share one get their longer names, or a hash of what they are where these are shared,
  /// too: the order of lines names nothing. Equal ones are numbered.
  static func assigned(to drafts: [JobDraft]) -> [String] {
    let slugs = drafts.map { slug($0.nameBase) }
    let longer = drafts.map { slug($0.longerName ?? $0.nameBase) }
    let groups = Dictionary(grouping: drafts.indices) { slugs[$0] }
    var taken = Set(groups.filter { $0.value.count == 1 }.keys)
    return drafts.indices.map { place in
      let group = groups[slugs[place]] ?? []
      guard group.count > 1 else { return slugs[place] }
      let isTold = Set(group.map { longer[$0] }).count == group.count && groups[longer[place]] == nil
      let name = isTold ? longer[place] : "\(slugs[place])-\(hash(drafts[place].identity))"
      var unique = name
      var number = 2
      while !taken.insert(unique).inserted {
        unique = "\(name)-\(number)"
        number += 1
      }
      return unique
    }
  }

  /// Four letters and digits of FNV-1a.
  private static func hash(_ text: String) -> String {
    let hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325) { (hash: UInt64, byte) in (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String((hash ^ hash >> 32) % 1_679_616, radix: 36)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}
