import { defineConfig } from 'vite'

export default defineConfig({
  base: './',
  // The package finds its WebAssembly beside its own files, which the development server's
  // bundling of dependencies would take apart.
  optimizeDeps: { exclude: ['@visionflow/annotator'] },
  build: { target: 'es2022' },
})
