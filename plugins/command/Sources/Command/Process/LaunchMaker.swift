/// Turns a configuration and an item into what is started.
struct LaunchMaker: Sendable {
  private let config: CommandConfig
  private let templates: [ArgumentTemplate]

  /// Longer items are not put into the environment: with the arguments they would not fit.
  static let maxVariableBytes = 64 * 1024

  init(_ config: CommandConfig) {
    self.config = config
    templates = Self.words(config).map { ArgumentTemplate($0) }
  }

  /// The arguments, or what stands behind the text of a shell.
  private static func words(_ config: CommandConfig) -> [String] {
    switch config.command {
    case .words(let words): words
    case .text: config.arguments ?? (config.items == nil ? [] : ["{}"])
    }
  }

  /// Of a run's only item when `item` is nil. Throws `CommandError`.
  func launch(_ item: CommandItem?, key: String, variables: [String: String]) throws(CommandError) -> Launch {
    var words: [[UInt8]] = []
    // Without items nothing is replaced: `find … -exec rm {} +` means what it always did.
    for (template, word) in zip(templates, Self.words(config)) {
      if let item { words.append(try template.filled(with: item, key: key)) } else { words.append(Array(word.utf8)) }
    }
    let more = item.map { ["CARILLON_ITEM": $0.text] } ?? [:]
    var launch = try Self.launch(config.command, config.shell, words: words, config, variables: variables, more: more)
    launch.input =
      switch config.stdin {
      case .none: .nothing
      case .item: .bytes(item?.bytes ?? [])
      case .text(let text): .bytes(Array(text.utf8))
      case .file(let path): .file(path)
      }
    launch.timeout = config.timeout
    launch.background = config.background
    return launch
  }

  /// Of the command that lists the items; it has the same surroundings.
  static func listing(
    _ command: CommandWords, _ shell: Shell, _ config: CommandConfig, variables: [String: String]
  ) throws(CommandError) -> Launch {
    var words: [[UInt8]] = []
    if case .words(let list) = command { words = list.map { Array($0.utf8) } }
    return try launch(command, shell, words: words, config, variables: variables, more: [:])
  }

  private static func launch(
    _ command: CommandWords, _ shell: Shell, words: [[UInt8]], _ config: CommandConfig, variables: [String: String],
    more: [String: [UInt8]]
  ) throws(CommandError) -> Launch {
    let account = try Account.named(user: config.user, group: config.group)
    let entry = if let user = config.user { try PasswordEntry.named(user) } else { PasswordEntry.own() }
    var environment = Environment(config, entry: entry)
    for (name, value) in variables { environment.set(name, bytes: Array(value.utf8)) }
    for (name, value) in more where value.count <= maxVariableBytes { environment.set(name, bytes: value) }
    if case .path(let shell) = shell, config.environment["SHELL"] == nil { environment.set("SHELL", shell) }
    let directory = config.directory ?? (ProgramSearch.isFolder(entry.home) ? entry.home : "/")
    let path = environment.value("PATH") ?? ""
    var arguments: [[UInt8]]
    let program: String
    switch (command, shell) {
    case (.text(let text), .path(let shell)):
      program = try ProgramSearch.find(shell, path: path, directory: directory)
      let name = shell.split(separator: "/").last.map(String.init) ?? shell
      arguments = [name, "-c", text, name].map { Array($0.utf8) } + words
    default:
      // The name may hold a place for the item, too.
      let name = words.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
      program = try ProgramSearch.find(name, path: path, directory: directory)
      arguments = words
    }
    var launch = Launch(
      path: Array(program.utf8), arguments: arguments, environment: environment.entries, directory: directory)
    launch.account = account
    launch.umask = config.umask
    launch.grace = config.grace
    return launch
  }
}
