/// One time that a schedule means.
public struct Occurrence: Hashable, Comparable, Sendable {
  /// What a change of the clocks did to it.
  public enum Edge: Hashable, Sendable {
    /// The time on the wall never came; it is due at the gap's end.
    case afterGap(LocalTime)
    /// The time on the wall never came, and the policy does not make up for it.
    case inGap(LocalTime)
    /// The time on the wall comes twice; this is the first.
    case firstOfFold
    /// The time on the wall comes twice; this is the second.
    case foldedRepeat
  }

  /// When, in seconds of UTC since 1970.
  public var second: Int64
  /// Which of several at that second, from 0: more than one only at the end of a gap, whose times come there in their order, and
  /// then the time that the wall shows. Counts those that are not due.
  public var slot: Int
  /// Nil away from changes of the clocks.
  public var edge: Edge?
  /// False for one that the policy took away: the repeat of a fold, a time in a gap.
  public var isDue: Bool

  /// An occurrence; from a ledger's row `second` and `slot` are enough to ask for the next one.
  public init(second: Int64, slot: Int = 0, edge: Edge? = nil, isDue: Bool = true) {
    self.second = second
    self.slot = slot
    self.edge = edge
    self.isDue = isDue
  }

  public static func < (left: Self, right: Self) -> Bool { (left.second, left.slot) < (right.second, right.slot) }
}
