using DigitRecognition;
using MlComponents;
using MlComponents.Reporting;

NativeAllocator.KeepLargeBlocks();   // training on a CPU is up to half as fast again
ComponentRegistry.Default.AddReporting();

return CommandLine.Run(args);
