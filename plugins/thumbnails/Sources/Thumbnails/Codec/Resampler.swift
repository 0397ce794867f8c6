import CImageCodecs

/// The resampler by itself, on one row or one column of bytes. For tests and measurements.
package enum Resampler {
  /// Which inner loops run.
  package enum Kernels: Sendable {
    case fastest
    case portable
  }

  package static func row(
    _ samples: [UInt8], to count: Int, kernels: Kernels = .fastest
  ) throws(ThumbnailsError) -> [UInt8] {
    var wanted = [UInt8](repeating: 0, count: count)
    let code = ic_resample_row(
      samples, UInt32(samples.count), &wanted, UInt32(count), kernels == .portable ? 1 : 0)
    guard code == IC_OK else { throw ThumbnailsError(.system, "no memory") }
    return wanted
  }

  /// `samples` are rows of `width` bytes.
  package static func column(
    _ samples: [UInt8], width: Int, to count: Int, kernels: Kernels = .fastest
  ) throws(ThumbnailsError) -> [UInt8] {
    var wanted = [UInt8](repeating: 0, count: count * width)
    let code = ic_resample_column(
      samples, UInt32(width), UInt32(samples.count / width), &wanted, UInt32(count),
      kernels == .portable ? 1 : 0)
    guard code == IC_OK else { throw ThumbnailsError(.system, "no memory") }
    return wanted
  }
}
