import CCarillonPlugin

/// What the C functions of an instance come down to, without the plugin's type.
protocol InstanceCalls: Sendable {
  func discover(_ run: UnsafePointer<carillon_run>, _ sink: UnsafePointer<carillon_sink>) -> Int32
  func process(_ run: UnsafePointer<carillon_run>, _ batch: UnsafePointer<carillon_batch>) -> Int32
  func finish(
    _ run: UnsafePointer<carillon_run>, _ summary: UnsafePointer<carillon_summary>
  ) -> Int32
  func cancel(item: UInt64)
  func destroy()
}

/// What `void *instance` points to.
final class InstanceHandle: Sendable {
  let calls: any InstanceCalls

  init(_ calls: any InstanceCalls) {
    self.calls = calls
  }
}
