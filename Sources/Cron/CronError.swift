/// Why an expression, a zone, or a schedule was refused.
public struct CronError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The closed list of reasons.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// Nothing but blanks and comments.
    case empty
    /// Another number of fields than the format has.
    case fieldCount
    /// A field that cannot be read.
    case syntax
    /// A number that the field does not have.
    case outOfRange
    /// A word that is no name of a month or day.
    case unknownName
    /// A step of 0, or none behind the slash.
    case badStep
    /// A mark (`L`, `W`, `#`, `?`, `H`) in a field that has no use for it.
    case misplacedMark
    /// An `@word` that does not exist.
    case unknownMacro
    /// A length of time behind `@every` that cannot be read.
    case badPeriod
    /// An expression or schedule that no instant satisfies.
    case neverFires
    /// A zone that the machine's zone data does not have.
    case unknownZone
    /// Zone data that cannot be read, or is not zone data.
    case unreadableZone
    /// A local time that cannot be read.
    case badLocalTime
    /// A start that is not before its end, or an exclusion that cannot be one.
    case badBounds
  }

  /// Which reason.
  public var code: Code
  /// The field at fault, by its name in crontab(5): `minute`, `day of month` and so on.
  public var field: String?
  /// Where in the text, counted in characters from 1.
  public var column: Int?
  /// For a person: what is wrong with what, and what to do.
  public var message: String

  /// An error; `message` without field and column, which `description` adds.
  public init(code: Code, field: String? = nil, column: Int? = nil, message: String) {
    self.code = code
    self.field = field
    self.column = column
    self.message = message
  }

  /// The message with its place in front: `hour (column 3): 25 is not in 0–23; …`.
  public var description: String {
    switch (field, column) {
    case (let field?, let column?): "\(field) (column \(column)): \(message)"
    case (nil, let column?): "column \(column): \(message)"
    case (let field?, nil): "\(field): \(message)"
    case (nil, nil): message
    }
  }
}
