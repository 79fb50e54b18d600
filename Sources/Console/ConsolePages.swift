public import Casework
public import Hummingbird

/// The pages of one installation: everything that a unit does in an operation, in a browser.
///
/// Pages work without a script; scripts add keys and the live board.
public struct ConsolePages: Sendable {
  private let pages: Pages

  public init(desk: Desk) { pages = Pages(desk: desk) }

  /// Adds every page to a router, and makes what is not found a page for those who ask for one.
  public func addRoutes(to router: Router<BasicRequestContext>) {
    router.add(middleware: PageFaults(words: pages.words))
    pages.addRoutes(to: router)
  }
}
