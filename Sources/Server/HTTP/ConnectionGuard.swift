import ControlAPI
import Foundation
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Stands between the HTTP decoder and the server on one connection: answers what is no HTTP with a problem document, and cuts
/// clients that send their request, or take their answer, too slowly.
///
/// `@unchecked Sendable`: used on its channel's event loop alone.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler, @unchecked Sendable {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private let limits: ServerLimits
  /// Runs while a request is on its way: from the connection's begin or its head, to its end.
  private var requestDeadline: Scheduled<Void>?
  /// Runs while the client takes nothing of what is sent to it.
  private var writeDeadline: Scheduled<Void>?
  private var openAnswers = 0
  private var isReadingBody = false

  init(limits: ServerLimits) { self.limits = limits }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { awaitRequest(context) }
  }

  func handlerRemoved(context: ChannelHandlerContext) { cancelDeadlines() }

  func channelActive(context: ChannelHandlerContext) {
    awaitRequest(context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    cancelDeadlines()
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      openAnswers += 1
      isReadingBody = true
      if requestDeadline == nil { awaitRequest(context) }
    case .body: break
    case .end:
      isReadingBody = false
      requestDeadline?.cancel()
      requestDeadline = nil
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .end = unwrapOutboundIn(data) { openAnswers -= 1 }
    context.write(data, promise: promise)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    writeDeadline?.cancel()
    writeDeadline = nil
    if !context.channel.isWritable {
      let box = NIOLoopBound(context, eventLoop: context.eventLoop)
      writeDeadline = context.eventLoop.scheduleTask(in: TimeAmount(limits.answerTime)) { box.value.close(promise: nil) }
    }
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError, openAnswers == 0 else { return context.fireErrorCaught(error) }
    let name = "\(error)"
    let isHeader = name.lowercased().contains("header") && name.lowercased().contains("overflow")
    let problem =
      isHeader
      ? Problem.headerTooLarge("the request's header may have \(limits.headerBytes) bytes and \(limits.headerFields) fields")
      : Problem.brokenRequest(name)
    refuse(problem, context)
  }

  private func awaitRequest(_ context: ChannelHandlerContext) {
    let box = NIOLoopBound(context, eventLoop: context.eventLoop)
    requestDeadline = context.eventLoop.scheduleTask(in: TimeAmount(limits.requestTime)) {
      let context = box.value
      // While an answer is on its way (to a request whose body never came) nothing can be said any more.
      guard self.openAnswers == 0 else { return context.close(promise: nil) }
      self.refuse(Problem.tooSlow(self.limits.requestTime), context)
    }
  }

  private func refuse(_ problem: Problem, _ context: ChannelHandlerContext) {
    cancelDeadlines()
    let (head, body) = problem.response(instance: nil, closes: true)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(body)), promise: nil)
    let box = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in box.value.close(promise: nil) }
  }

  private func cancelDeadlines() {
    requestDeadline?.cancel()
    writeDeadline?.cancel()
    requestDeadline = nil
    writeDeadline = nil
  }
}

extension Problem {
  /// The whole answer.
  /// - Parameter closes: the connection ends after it.
  func response(instance: String?, closes: Bool) -> (HTTPResponse, ByteBuffer) {
    var fields = fields
    var body = ByteBuffer()
    do {
      body.writeBytes(try ControlJSON.encoder.encode(document(instance: instance)))
      fields[.contentType] = ProblemDocument.mediaType
    } catch {
      body.clear()  // a document of texts is always JSON
    }
    fields[.contentLength] = String(body.readableBytes)
    if closes { fields[.connection] = "close" }
    return (HTTPResponse(status: HTTPResponse.Status(code: status), headerFields: fields), body)
  }
}
