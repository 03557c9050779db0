import { afterAll, beforeAll } from "vitest";
import { temporaryFolder } from "../project/projects.js";
import { PageBrowser } from "./browser.js";
import { type PortalStage, portalStage } from "./stage.js";

/** A scheduled statement on a chain and a browser, for the tests of one file. */
export function scheduledInBrowser(): { readonly stage: PortalStage; readonly browser: PageBrowser } {
  let stage: PortalStage;
  let browser: PageBrowser;
  beforeAll(async () => {
    stage = await portalStage(temporaryFolder());
    await stage.schedule();
    browser = await PageBrowser.start();
  }, 600_000);
  afterAll(async () => {
    await browser?.stop();
    await stage?.stop();
  });
  return {
    get stage() {
      return stage;
    },
    get browser() {
      return browser;
    },
  };
}
