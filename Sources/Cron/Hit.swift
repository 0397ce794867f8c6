/// A time that an expression means, as the search found it.
struct Hit {
  /// UTC.
  var second: Int64
  /// The time on the wall that was wanted. At the end of a gap several of them have one second.
  var local: Int64
  /// The stretch of the zone that has the second.
  var stretch: Int
  var isDue: Bool

  /// The earlier of two; one that both found is due if either says so.
  static func earlier(_ left: Hit?, _ right: Hit?) -> Hit? {
    guard let left, let right else { return left ?? right }
    if left.isSame(as: right) { return left.isDue ? left : right }
    return (left.second, left.local) < (right.second, right.local) ? left : right
  }

  /// The later of two, likewise.
  static func later(_ left: Hit?, _ right: Hit?) -> Hit? {
    guard let left, let right else { return left ?? right }
    if left.isSame(as: right) { return left.isDue ? left : right }
    return (left.second, left.local) > (right.second, right.local) ? left : right
  }

  private func isSame(as other: Hit) -> Bool { second == other.second && local == other.local }
}
