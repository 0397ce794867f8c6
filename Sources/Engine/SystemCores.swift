import CLinuxProcess

/// The processors that this process may use: its affinity, not the machine's size.
enum SystemCores {
  static let count = max(1, Int(carillon_usable_cores()))
}
