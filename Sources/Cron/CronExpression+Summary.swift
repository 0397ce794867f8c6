extension CronExpression {
  /// In English.
  public var summary: String { text }
}
