/// How a range is started.
public struct RangeOptions: Sendable {
  public var directory: String
  public var seed: String
  /// How many reports the four days bring.
  public var items: Int
  public var host: String
  /// 0 lets the system choose.
  public var port: Int
  /// Whether time is the machine's own; otherwise it stands still until it is moved.
  public var isRealTime: Bool
  /// What control calls must bring; nil: there are none.
  public var controlToken: String?
  public var contact: ReceiverContact

  public init(
    directory: String, seed: String, items: Int, host: String = "127.0.0.1", port: Int = 0, isRealTime: Bool = false,
    controlToken: String?, contact: ReceiverContact = ReceiverContact()
  ) {
    self.directory = directory
    self.seed = seed
    self.items = items
    self.host = host
    self.port = port
    self.isRealTime = isRealTime
    self.controlToken = controlToken
    self.contact = contact
  }
}

/// Where answers go, and what proves who sends what.
public struct ReceiverContact: Sendable {
  /// `http://127.0.0.1:8080`; nil while nobody has said it.
  public var callback: String?
  /// The bearer token of each provider, by its name.
  public var credentials: [String: String]
  /// Under which the webhook's sender signs.
  public var webhookSecret: [UInt8]?

  public init(callback: String? = nil, credentials: [String: String] = [:], webhookSecret: [UInt8]? = nil) {
    self.callback = callback
    self.credentials = credentials
    self.webhookSecret = webhookSecret
  }
}
