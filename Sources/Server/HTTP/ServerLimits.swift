/// What clients may use of the server.
package struct ServerLimits: Sendable {
  /// Connections at once; a further one is answered with 503 and closed. Default 256.
  package var connections = 256
  /// Streams of events at once. Default 64.
  package var streams = 64
  /// A request's body, in bytes. Default 1 MiB.
  package var bodyBytes = 1_048_576
  /// A request's header: all of it, in bytes. Default 32 KiB.
  package var headerBytes = 32 * 1_024
  /// Fields of a header. Default 100.
  package var headerFields = 100
  /// A request must be whole after this, from its connection's begin or, later, its first line. Default 10 s.
  package var requestTime = Duration.seconds(10)
  /// A connection is closed after this without a request. Default 60 s.
  package var idleTime = Duration.seconds(60)
  /// A client must take something of its answer within this. Default 30 s.
  package var answerTime = Duration.seconds(30)
  /// A stream of events that is silent says that it lives, each time after this. Default 15 s.
  package var heartbeat = Duration.seconds(15)
  /// Requests that are under way when the server ends have this long. Default 5 s.
  package var grace = Duration.seconds(5)

  package init() {}
}
