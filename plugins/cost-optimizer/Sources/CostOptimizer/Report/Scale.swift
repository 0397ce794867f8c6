/// An axis that begins at zero and has round marks.
struct Scale {
  /// From zero, ascending; at least zero itself and one more.
  let marks: [Double]

  /// Values up to `largest`, with about `count` marks. Without anything to show it goes to one.
  init(upTo largest: Double, count: Int = 4) {
    let largest = largest > 0 && largest.isFinite ? largest : 1
    let rough = largest / Double(count)
    var power = 1.0
    while power * 10 <= rough { power *= 10 }
    while power > rough { power /= 10 }
    let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999_999 } ?? power * 10
    let steps = Int((largest / step).rounded(.up))
    marks = (0...max(steps, 1)).map { Double($0) * step }
  }

  var top: Double { marks.last ?? 1 }

  /// Where a value lies, from 0 to 1.
  func share(_ value: Double) -> Double { min(max(value / top, 0), 1) }

  /// Dollars, with no more places than the marks need.
  func label(_ mark: Double) -> String {
    let step = marks.count > 1 ? marks[1] : 1
    let places = step == step.rounded() ? 0 : step >= 0.01 ? 2 : 5
    return "$" + Figure.fixed(mark, places: places)
  }
}
