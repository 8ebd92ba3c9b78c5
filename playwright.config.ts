// End-to-end tests: the real workbench in Chromium against the real server, once on WebGPU and once on WebGL2.
import { existsSync } from 'node:fs'
import { defineConfig, chromium } from '@playwright/test'

// Playwright's own browser where it is installed, else the system's.
const systems = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const own = chromium.executablePath()
const executablePath =
  process.env.VISIONFLOW_CHROMIUM ?? (existsSync(own) ? undefined : systems.find((path) => existsSync(path)))

const quiet = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Two people are two windows here; neither may be slowed because the other has the focus.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
]
// Software rendering on both ways, so that a machine without a graphics card runs the same tests.
const webgpu = [
  // The page around the canvas is drawn by the processor itself, and not by its imitation of a graphics card.
  '--disable-gpu-rasterization',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--use-angle=vulkan',
  '--use-vulkan=swiftshader',
]
// Here the page can be put together without one too; a canvas of WebGPU would not be seen.
const webgl2 = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-gpu-compositing']

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results',
  // One server and two cores: tests of one worker follow each other.
  workers: 1,
  forbidOnly: !!process.env.CI,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    colorScheme: 'dark',
    // Costs a fifth of the time; asked for where a failure is looked into.
    trace: process.env.VISIONFLOW_TRACE ? 'retain-on-failure' : 'off',
    screenshot: 'only-on-failure',
    actionTimeout: 15_000,
  },
  projects: [
    // No browser: the server's exports in other people's tools.
    { name: 'exports', testDir: 'e2e/exports' },
    { name: 'webgpu', testDir: 'e2e/workbench', use: { launchOptions: { executablePath, args: [...quiet, ...webgpu] } } },
    { name: 'webgl2', testDir: 'e2e/workbench', use: { launchOptions: { executablePath, args: [...quiet, ...webgl2] } } },
    // The worker that segments, alone in a page.
    { name: 'infer', testDir: 'e2e/infer', testIgnore: '**/gpu.spec.ts', use: { launchOptions: { executablePath, args: quiet } } },
    // The same worker with a graphics device, which is software here.
    { name: 'infer-webgpu', testDir: 'e2e/infer', testMatch: '**/gpu.spec.ts', use: { launchOptions: { executablePath, args: [...quiet, ...webgpu] } } },
    // The npm package: every test on WebGL2, and what it draws on WebGPU too.
    { name: 'widget-webgpu', testDir: 'e2e/widget', testMatch: ['**/examples.spec.ts', '**/images.spec.ts'], use: { launchOptions: { executablePath, args: [...quiet, ...webgpu] } } },
    { name: 'widget-webgl2', testDir: 'e2e/widget', use: { launchOptions: { executablePath, args: [...quiet, ...webgl2] } } },
  ],
})
