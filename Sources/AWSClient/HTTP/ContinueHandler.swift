import NIOCore
import NIOHTTP1

/// Holds back the body of a request that says `Expect: 100-continue` until the server asks for it, answers, or has said
/// nothing for a second (RFC 9110, section 10.1.1). So a refused upload costs its head and not its body. Sits between
/// the client's own handler and the HTTP encoder, on the connection's event loop.
final class ContinueHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias InboundOut = HTTPClientResponsePart
  typealias OutboundIn = HTTPClientRequestPart
  typealias OutboundOut = HTTPClientRequestPart

  private var held: [(NIOAny, EventLoopPromise<Void>?)] = []
  private var isHolding = false
  private var isRefused = false
  private var timer: Scheduled<Void>?
  private let patience: TimeAmount

  init(patience: TimeAmount) { self.patience = patience }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .head(let head) = unwrapOutboundIn(data), head.headers.contains(name: "expect") {
      isHolding = true
      context.write(data, promise: promise)
      context.flush()
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      timer = context.eventLoop.scheduleTask(in: patience) { bound.value.0.release(context: bound.value.1) }
    } else if isRefused {
      promise?.succeed()
    } else if isHolding {
      held.append((data, promise))
    } else {
      context.write(data, promise: promise)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard isHolding, case .head(var head) = unwrapInboundIn(data) else {
      context.fireChannelRead(data)
      return
    }
    if head.status == .continue || (200..<300).contains(head.status.code) {
      release(context: context)
      context.fireChannelRead(data)
    } else {
      // The answer came instead of the request for the body, which is never sent: the server still waits for it, so this
      // connection is good for nothing more. The writes are called done: a failed one would hide the answer.
      timer?.cancel()
      isRefused = true
      head.headers.replaceOrAdd(name: "connection", value: "close")
      let parts = held
      held = []
      for (_, promise) in parts { promise?.succeed() }
      context.fireChannelRead(wrapInboundOut(.head(head)))
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    drop()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { drop() }

  private func release(context: ChannelHandlerContext) {
    timer?.cancel()
    guard isHolding else { return }
    isHolding = false
    let parts = held
    held = []
    for (data, promise) in parts { context.write(data, promise: promise) }
    context.flush()
  }

  private func drop() {
    timer?.cancel()
    isHolding = false
    let parts = held
    held = []
    for (_, promise) in parts { promise?.fail(ChannelError.ioOnClosedChannel) }
  }
}
