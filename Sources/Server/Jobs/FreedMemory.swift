import CLinuxProcess

/// Reading a hundred thousand job files takes ten times the memory that is kept of them.
package enum FreedMemory {
  /// Gives it back to the kernel. Takes milliseconds.
  package static func giveBack() { carillon_give_memory_back() }
}
