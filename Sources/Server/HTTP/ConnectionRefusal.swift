import ControlAPI
import HTTPTypes
import NIOCore

/// Tells a client that it is one too many, unasked, and closes.
final class ConnectionRefusal: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let limit: Int

  init(limit: Int) { self.limit = limit }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { refuse(context) }
  }

  func channelActive(context: ChannelHandlerContext) { refuse(context) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

  private func refuse(_ context: ChannelHandlerContext) {
    let problem = Problem(ControlError(.unavailable, "\(limit) connections are open: that is all there may be; try again"))
    let (head, body) = problem.response(instance: nil, closes: true)
    var text = "HTTP/1.1 \(head.status.code) \(head.status.reasonPhrase)\r\n"
    for field in head.headerFields { text += "\(field.name): \(field.value)\r\n" }
    var buffer = ByteBuffer(string: text + "\r\n")
    buffer.writeImmutableBuffer(body)
    let box = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.writeAndFlush(wrapOutboundOut(buffer)).whenComplete { _ in box.value.close(promise: nil) }
  }
}
