import ArgumentParser
import Foundation

/// Where the record lies: one spelling for every command that works on one.
struct DataOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The record: sqlite:DIR or postgresql://USER@HOST/DATABASE; CORDON_STORE when it is not given.",
      valueName: "url"))
  var store: String?

  @Option(
    name: .long,
    help: ArgumentHelp(
      "The record's directory, the same as --store sqlite:DIR; with PostgreSQL that of its keys, packs and blobs. "
        + "CORDON_DATA when it is not given.", valueName: "dir"))
  var data: String?

  /// The address that was named; throws a ``CommandFailure`` where none was.
  var address: StoreAddress {
    get throws {
      guard let address = try namedAddress else {
        throw CommandFailure(
          .usage,
          "say where the record is: --data DIR or --store URL, or CORDON_DATA or CORDON_STORE in the environment")
      }
      return address
    }
  }

  /// The address on the command line or, where that says nothing of it, in the environment.
  ///
  /// An option goes before the environment: `--data DIR` before a directory in CORDON_STORE, `--store sqlite:DIR`
  /// before the one in CORDON_DATA.
  var namedAddress: StoreAddress? {
    get throws {
      if let store {
        return try StoreAddress(store, directory: data ?? (Self.isDirectory(store) ? nil : home))
      }
      let stated = Self.variable("CORDON_STORE")
      if let stated, data == nil || !Self.isDirectory(stated) {
        return try StoreAddress(stated, directory: data ?? home)
      }
      return (data ?? home).map(StoreAddress.init(directory:))
    }
  }

  /// The address on the command line alone.
  var givenAddress: StoreAddress? {
    get throws {
      if let store { return try StoreAddress(store, directory: data) }
      return data.map(StoreAddress.init(directory:))
    }
  }

  private var home: String? { Self.variable("CORDON_DATA") }

  private static func isDirectory(_ store: String) -> Bool { store.hasPrefix("sqlite:") }

  private static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
