import Foundation
import Testing

@testable import Thumbnails

@Suite struct ResamplerTests {
  /// Lanczos-3 as the textbook has it, in doubles.
  private func reference(_ samples: [UInt8], to count: Int) -> [Double] {
    let scale = Double(samples.count) / Double(count)
    func lanczos(_ x: Double) -> Double {
      if x == 0 { return 1 }
      if abs(x) >= 3 { return 0 }
      let angle = Double.pi * x
      return 3 * sin(angle) * sin(angle / 3) / (angle * angle)
    }
    return (0..<count).map { index in
      let centre = (Double(index) + 0.5) * scale
      var sum = 0.0
      var weights = 0.0
      for (place, sample) in samples.enumerated() {
        let weight = lanczos((Double(place) + 0.5 - centre) / scale)
        sum += weight * Double(sample)
        weights += weight
      }
      return min(255, max(0, sum / weights))
    }
  }

  @Test(arguments: [(7, 3), (100, 100), (640, 150), (1500, 1200), (33, 1), (4000, 37), (1201, 1200), (255, 8)])
  func agreesWithTheReference(_ count: Int, _ wanted: Int) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = Seeded(seed)
    let samples = random.bytes(count)
    let exact = reference(samples, to: wanted)
    let row = try Resampler.row(samples, to: wanted)
    let column = try Resampler.column(samples, width: 1, to: wanted)
    #expect(row == column)
    for (got, exact) in zip(row, exact) {
      #expect(abs(Double(got) - exact) < 1, "seed \(seed), \(count) to \(wanted)")
    }
  }

  @Test func bothKernelsGiveTheSameBytes() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = Seeded(seed)
    for _ in 0..<60 {
      let count = Int.random(in: 1...900, using: &random)
      let wanted = Int.random(in: 1...count, using: &random)
      let width = Int.random(in: 1...70, using: &random)
      let samples = random.bytes(count)
      #expect(
        try Resampler.row(samples, to: wanted) == Resampler.row(samples, to: wanted, kernels: .portable),
        "seed \(seed): \(count) to \(wanted)")
      let rows = random.bytes(count * width)
      #expect(
        try Resampler.column(rows, width: width, to: wanted)
          == Resampler.column(rows, width: width, to: wanted, kernels: .portable),
        "seed \(seed): \(count) to \(wanted), \(width) wide")
    }
  }

  @Test func keepsFlatColoursAndExtremes() throws {
    for level: UInt8 in [0, 1, 127, 254, 255] {
      let row = try Resampler.row(Array(repeating: level, count: 65_000), to: 1)
      #expect(row == [level])
      #expect(try Resampler.row(Array(repeating: level, count: 997), to: 150).allSatisfy { $0 == level })
    }
  }
}
