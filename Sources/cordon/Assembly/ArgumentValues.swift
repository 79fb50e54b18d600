public import ArgumentParser
public import Casework
public import Domain
public import ExchangeFormats

// Codes that stand on a command line as they stand on the record.
extension ErasureBasis: ExpressibleByArgument {}
extension IntakeFormat: ExpressibleByArgument {}
extension Role: ExpressibleByArgument {}
extension Sharing: ExpressibleByArgument {}

extension HandlingCode: ExpressibleByArgument {
  /// Of either case.
  public init?(argument: String) { self.init(rawValue: argument.uppercased()) }
}
